import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { attachExpressSession } from "@sessgen/runtime/http/express-session";
import type { Fixture } from "../fixture.js";
import type { AnySession, Version, Versions } from "../versions.js";

const record = "z.record(z.string(), z.unknown()).default({})";
const version = (fields: string, bag?: string, more = ""): string =>
  `schema: z.object({ ${fields} }), frameworks: [{ name: "express", compat: "express-session"${bag ? `, bag: "${bag}"` : ""} }]${more}`;

/** Answers a request as the glue does; gives what is asked of the session there. */
async function visit(
  { cookies }: Versions,
  { sessions }: Version,
  bag: string | undefined,
  handler: (session: AnySession) => unknown,
): Promise<unknown> {
  let result: unknown;
  const server = createServer((request, response) => {
    attachExpressSession(sessions, request, response, { as: "session", ...(bag && { bag: bag as never }) })
      .then(() => {
        result = handler(Reflect.get(request, "session"));
      })
      .then(
        () => response.end(),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  try {
    const { port } = server.address() as AddressInfo;
    const cookie = [...cookies].map((pair) => pair.join("=")).join("; ");
    const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { cookie } });
    if (!answer.ok) throw new Error(await answer.text());
    for (const line of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    return result;
  } finally {
    server.close();
  }
}

/** What the newer version finds of what middleware kept by the older one, and the other way. */
const bothWays =
  (older: string | undefined, newer: string | undefined) =>
  async (versions: Versions): Promise<unknown> => {
    const seen: unknown[] = [];
    const read = (session: AnySession): unknown => session.returnTo;
    if (older !== undefined) {
      await visit(versions, versions.older, older, (session) => {
        session.returnTo = "/cart";
      });
      seen.push(await visit(versions, versions.newer, newer, read));
    }
    if (newer !== undefined) {
      await visit(versions, versions.newer, newer, (session) => {
        session.returnTo = "/checkout";
      });
      seen.push(await visit(versions, versions.older, older, read));
    }
    return seen;
  };

export const fixture: Fixture = [
  [
    "neither finds what the other one's middleware kept",
    { given: bothWays("extra", "more"), want: [undefined, "/cart"] },
  ],
  [
    "without one, what was kept is not found any more",
    {
      example: { after: version(`extra: ${record}`), before: version(`extra: ${record}`, "extra") },
      given: bothWays("extra", undefined),
      want: [undefined],
    },
  ],
  [
    "where there was none, the older one does not see what is kept",
    {
      example: { before: version(`extra: ${record}`), after: version(`extra: ${record}`, "extra") },
      class: "once-deployed",
      given: bothWays(undefined, "extra"),
      want: [undefined],
    },
  ],
  [
    "renamed with `was` it is found both ways",
    {
      example: {
        before: version(`extra: ${record}`, "extra"),
        after: version(`more: ${record}`, "more", ', fields: { more: { was: "extra" } }'),
      },
      class: "safe",
      given: bothWays("extra", "more"),
      want: ["/cart", "/checkout"],
    },
  ],
];
