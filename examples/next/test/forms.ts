import makeFetchCookie from "fetch-cookie";
import { CookieJar } from "tough-cookie";

/** A browser without JavaScript: its forms are posted, and redirects followed. */
export interface FormClient {
  /** The text of a page, without tags. */
  page(path: string): Promise<string>;
  /** Presses the button of that name on a page; gives back the answer, redirects not followed. */
  press(path: string, button: string, fields?: Readonly<Record<string, string>>): Promise<Response>;
  /** Sends any request, with the cookies. */
  send(path: string, init?: RequestInit): Promise<Response>;
  /** The session's cookie, as it is sent. */
  cookie(): Promise<string>;
}

/** Makes a client with cookies of its own. */
export function formClient(origin: string): FormClient {
  const jar = new CookieJar();
  const send = makeFetchCookie(globalThis.fetch, jar);
  const html = async (path: string) => (await send(`${origin}${path}`)).text();
  return {
    page: async (path) => textOf(await html(path)),
    press: async (path, button, fields = {}) => {
      const forms = [...(await html(path)).matchAll(/<form.*?<\/form>/gs)].map(([form]) => form);
      const form = forms.find((candidate) => textOf(candidate).endsWith(button));
      if (form === undefined) throw new Error(`There is no button ${button} on ${path}`);
      const body = new FormData();
      for (const [input] of form.matchAll(/<input type="hidden"[^>]*>/g))
        body.append(attribute(input, "name"), attribute(input, "value"));
      for (const [name, value] of Object.entries(fields)) body.append(name, value);
      return send(`${origin}${path}`, { method: "POST", body, redirect: "manual" });
    },
    send: (path, init) => send(`${origin}${path}`, { redirect: "manual", ...init }),
    cookie: async () => (await jar.getCookies(origin)).map((cookie) => cookie.cookieString()).join("; "),
  };
}

function attribute(input: string, name: string): string {
  const value = new RegExp(` ${name}="([^"]*)"`).exec(input)?.[1] ?? "";
  return value.replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}

function textOf(html: string): string {
  return html
    .replace(/<!--.*?-->/gs, "")
    .replace(/<script.*?<\/script>/gs, "")
    .replace(/<[^>]*>/g, " ")
    .replaceAll("&quot;", '"')
    .replaceAll("&#x27;", "'")
    .replace(/\s+/g, " ")
    .trim();
}
