import type { Fixture } from "../fixture.js";

const schema = "schema: z.object({ text: z.string().optional() })";
const noise = (length: number) =>
  Array.from({ length }, (_, index) => String.fromCharCode(33 + ((index * 7919) % 90))).join("");
const write = (length: number) => (session: { text?: string }) => {
  session.text = noise(length);
};
const size = (session: { text?: string }) => session.text?.length ?? 0;
const cookies = (most: number) =>
  `${schema}, backend: { kind: "cookie", secrets: [env("SECRET")], maxChunks: ${most} }`;

export const fixture: Fixture = [
  [
    "what is larger is read and can be made smaller, and not be changed otherwise",
    {
      given: async ({ older, newer }) => {
        await older.visit(write(2000));
        return [
          await newer.visit(size),
          await newer.visit(write(2100)),
          await newer.visit(write(1900)),
          await newer.visit(size),
        ];
      },
      want: [2000, { refused: "session/too-large" }, undefined, 1900],
    },
  ],
  [
    "where there is more room, the older version refuses what has grown",
    {
      class: "once-deployed",
      example: { before: `${schema}, maxBytes: 512`, after: schema },
      given: async ({ older, newer }) => {
        await newer.visit(write(2000));
        return [await older.visit(size), await older.visit(write(2100))];
      },
      want: [2000, { refused: "session/too-large" }],
    },
  ],
  [
    "what comes in more cookies is no session",
    {
      ownStores: true,
      example: { before: cookies(3), after: cookies(1) },
      given: async ({ older, newer }) => {
        await older.visit(write(5000));
        return [await older.visit(size), await newer.visit(size)];
      },
      want: [5000, 0],
    },
  ],
  [
    "nor to the older version, where the newer one allows more",
    {
      ownStores: true,
      example: { before: cookies(1), after: cookies(3) },
      given: async ({ older, newer }) => {
        await newer.visit(write(5000));
        return [await newer.visit(size), await older.visit(size)];
      },
      want: [5000, 0],
    },
  ],
];
