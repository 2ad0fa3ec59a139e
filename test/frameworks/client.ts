import makeFetchCookie from "fetch-cookie";
import { CookieJar } from "tough-cookie";

/** A client with cookies of its own. */
export interface Client {
  /** Sends a request to a route of the contract; redirects are not followed. */
  send(path: string, init?: RequestInit): Promise<Response>;
  /** The JSON that a route answers with. */
  get<Body>(path: string): Promise<Body>;
  /** Sends JSON, as a page of the application does: with its token. */
  post(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** The session's cookie, as it is sent. */
  cookie(): Promise<string>;
}

/** Makes clients of the application at this address. */
export function clientsOf(address: string): () => Client {
  return () => {
    const jar = new CookieJar();
    const fetch = makeFetchCookie(globalThis.fetch, jar);
    const send: Client["send"] = (path, init) =>
      fetch(`${address}${path === "/" && !/:\d+$/.test(address) ? "" : path}`, {
        redirect: "manual",
        ...init,
      });
    const get = async <Body>(path: string): Promise<Body> => (await send(path)).json() as Promise<Body>;
    return {
      send,
      get,
      post: async (path, body = {}, headers = {}) => {
        const { token } = await get<{ token: string }>("/csrf");
        return send(path, {
          method: "POST",
          // Browsers say on whose page they are whenever something is changed.
          headers: {
            "content-type": "application/json",
            "x-csrf-token": token,
            origin: new URL(address).origin,
            ...headers,
          },
          body: typeof body === "string" ? body : JSON.stringify(body),
        });
      },
      cookie: async () => (await jar.getCookies(address)).map((cookie) => cookie.cookieString()).join("; "),
    };
  };
}
