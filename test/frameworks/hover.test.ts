import { describe, expect, it } from "vitest";
import { hoverIn } from "./hover.js";

const there = "The visitor's session; there once the `session()` middleware has run.";

/** What is shown, by a file and a text in it that ends with what the pointer is on. */
type Shown = Readonly<Record<string, string>>;

describe.each<[string, Shown]>([
  ["express", { "src/app.ts: request.session": `(property) Express.Request.session: Session\n${there}` }],
  [
    "fastify",
    {
      "src/app.ts: async ({ session":
        "(parameter) session: Session\nThe visitor's session; there from the `onRequest` hooks on that come after the `session`\nplugin.",
      "test/types.ts: request.session.user":
        "(property) Session.user: User | undefined\nA change gives the session a new id. Its `id` says whose session it is. Sessions can be found\nby `user.id`.",
    },
  ],
  ["koa", { "test/types.ts: context.session": `(property) DefaultContext.session: Session\n${there}` }],
  ["hono", { "test/types.ts: context.var.session": "(property) session: Session\nThe visitor's session." }],
  [
    "elysia",
    {
      "test/types.ts: onBeforeHandle(({ session": "(parameter) session: Session\nThe visitor's session.",
    },
  ],
  ["h3", { "test/types.ts: context.session": `(property) H3EventContext.session: Session\n${there}` }],
  [
    "nest",
    {
      "test/types.ts: (@Session() session": "(parameter) session: Session",
      "test/types.ts: @Session":
        "(alias) Session(): SessionParameter<Session> (+2 overloads)\nimport Session\nGives a handler the visitor's session.",
    },
  ],
  [
    "nuxt",
    {
      "test/types.ts: context.session": `(property) H3EventContext.session: Session\n${there}`,
      "test/types.ts: data.value.notice": "(property) notice?: string | undefined",
    },
  ],
  [
    "astro",
    {
      "test/types.ts: locals.session":
        "(property) App.Locals.session: Session\nThe visitor's session; there in pages, components, actions, endpoints, and the middleware\nthat comes after `session()`. It is not `Astro.session`, which are sessions of Astro's own.",
      "test/types.ts: locals.session.user":
        "(property) Session.user: User | undefined\nA change gives the session a new id. Its `id` says whose session it is. Sessions can be found\nby `user.id`.",
    },
  ],
  [
    "tanstack-start",
    {
      "test/types.ts: context.session": "(property) session: Session",
      "test/types.ts: context.session.user":
        "(property) Session.user: User | undefined\nA change gives the session a new id. Its `id` says whose session it is. Sessions can be found\nby `user.id`.",
    },
  ],
  ["node", { "test/types.ts: visitor": "(parameter) visitor: Session" }],
  ["fetch", { "test/types.ts: visitor": "(parameter) visitor: Session" }],
  ["ws", { "test/types.ts: (socket, connection": "(parameter) connection: SessionConnection<Session>" }],
  [
    "socket-io",
    {
      "test/types.ts: socket.data.session":
        "(property) SessionSocketData.session: SessionConnection<Session>\nThe session that the socket came with.",
    },
  ],
])("who points, in the example %s, at", { tags: ["slow"] }, (example, shown) => {
  const hover = hoverIn(example);
  it.each(Object.entries(shown))("%s, sees what it is", (place, want) => {
    const [file = "", text = ""] = place.split(": ");
    expect(hover(file, text)).toBe(want);
  });
});
