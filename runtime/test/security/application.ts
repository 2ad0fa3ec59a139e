import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { connect } from "node:net";
import makeFetchCookie from "fetch-cookie";
import { CookieJar } from "tough-cookie";
import { withSession } from "../../src/http/fetch.js";
import { attachSession } from "../../src/http/node.js";
import type { SessionEvents, Sessions, SessionsOptions } from "../../src/index.js";
import { memoryStore } from "../../src/stores/memory/index.js";
import type { SessionStore } from "../../src/stores/store.js";
import { listen } from "../http/listen.js";
import { type Session, setup } from "../session/support/fixture.js";

/** What every application does with a session; the answer is what the session shows. */
async function application(session: Session, url: URL): Promise<string> {
  switch (/\/[^/]*$/.exec(url.pathname)?.[0]) {
    case "/login":
      session.user = url.searchParams.get("as") ?? "ada";
      break;
    case "/visit":
      session.visits += 1;
      break;
    case "/renew":
      await session.$regenerate();
      break;
    case "/logout":
      await session.$destroy();
      break;
  }
  return JSON.stringify(session);
}

/** An application on one of the hosts. */
export type Host = (sessions: Sessions<Session>) => RequestListener;

const urlOf = (request: IncomingMessage): URL =>
  new URL(request.url ?? "/", `http://${request.headers.host}`);

/** Both hosts, each behind real HTTP. */
export const hosts: readonly (readonly [name: string, host: Host])[] = [
  [
    "node:http",
    (sessions) => async (request, response) => {
      const session = await attachSession(sessions, request, response);
      response.end(await application(session, urlOf(request)));
    },
  ],
  [
    "Fetch",
    (sessions) => async (request, response) => {
      const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as const);
      const answer = await withSession(
        sessions,
        new Request(urlOf(request), { headers: new Headers(headers.map((pair) => [...pair])) }),
        async (session) => {
          return new Response(await application(session, urlOf(request)));
        },
      );
      response.writeHead(answer.status, {
        ...Object.fromEntries(answer.headers),
        "set-cookie": answer.headers.getSetCookie(),
      });
      response.end(await answer.text());
    },
  ],
];

/** What a browser, or whoever says to be one, gets. */
export interface Answer {
  readonly status: number;
  readonly setCookies: readonly string[];
  readonly session: Record<string, unknown>;
}

/** A server with sessions; gone when the test ends. */
export async function serve(host: Host, options: Partial<SessionsOptions> = {}) {
  const store: SessionStore = memoryStore();
  const { sessions } = setup({ store, clock: Date.now, ...options });
  const server = createServer(host(sessions));
  const port = await listen(server, "localhost");
  const origin = `http://localhost:${port}`;
  const refused: SessionEvents["cookie-refused"]["reason"][] = [];
  sessions.on("cookie-refused", ({ reason }) => refused.push(reason));
  return {
    sessions,
    store,
    origin,
    /** Why cookies were refused, in order. */
    refused,
    /** Sends that Cookie header. */
    ask: async (path: string, cookie?: string): Promise<Answer> =>
      answerOf(await fetch(`${origin}${path}`, { headers: cookie === undefined ? {} : { cookie } })),
    /** Sends that Cookie header byte by byte, whatever clients think of it; gives back the whole answer. */
    askRaw: async (path: string, cookie: string): Promise<string> => {
      const socket = connect(port, "localhost");
      socket.end(
        `GET ${path} HTTP/1.1\r\nHost: localhost\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`,
        "latin1",
      );
      let received = "";
      for await (const chunk of socket) received += String(chunk);
      return received;
    },
    /** A browser with a cookie jar that heeds the prefixes of names. */
    browser: () => {
      const jar = new CookieJar(undefined, { prefixSecurity: "strict" });
      const jarred = makeFetchCookie(fetch, jar);
      return {
        jar,
        go: async (path: string): Promise<Answer> => answerOf(await jarred(`${origin}${path}`)),
        cookie: () => jar.getCookieString(`${origin}/`),
      };
    },
  };
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  return {
    status: response.status,
    setCookies: response.headers.getSetCookie(),
    session: text.startsWith("{") ? JSON.parse(text) : {},
  };
}

/** The value of a `name=value` pair, attributes or not. */
export function cookieValue(cookie: string | undefined): string {
  return (cookie ?? "").split(";")[0]?.split("=").slice(1).join("=") ?? "";
}
