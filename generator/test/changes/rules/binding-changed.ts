import type { Fixture } from "../fixture.js";
import type { Versions, Visitor } from "../versions.js";

const set = (session: { visits: number }) => {
  session.visits = 1;
};
const get = (session: { visits: number }) => session.visits;
const here: Visitor = { userAgent: "one", address: "10.0.1.7" };
const bound = (bits: number, onMismatch = "anonymous") =>
  `binding: { network: { ipv4: ${bits}, ipv6: 48 }, onMismatch: "${onMismatch}" }`;
const thenNewer =
  (later: Visitor) =>
  async ({ older, newer }: Versions) => {
    await older.visit(set, here);
    return newer.visit(get, later);
  };

export const fixture: Fixture = [
  [
    "what was not bound goes on, and the older version compares nothing",
    {
      given: async ({ older, newer, cookies }) => {
        await older.visit(set, here);
        const first = await newer.visit(get, { userAgent: "other" });
        cookies.clear();
        await newer.visit(set, here);
        const other = { userAgent: "other" };
        return [first, await older.visit(get, other), await newer.visit(get, other)];
      },
      want: [1, 1, 0],
    },
  ],
  [
    "other numbers of bits make strangers",
    {
      class: "breaking",
      example: { before: bound(24), after: bound(16) },
      given: thenNewer(here),
      want: 0,
    },
  ],
  [
    "those that do not fit are left from then on",
    {
      class: "breaking",
      example: { before: bound(24, "event"), after: bound(24) },
      given: thenNewer({ address: "10.9.9.9" }),
      want: 0,
    },
  ],
  [
    "other numbers of bits with an event lose nothing",
    {
      example: { before: bound(24), after: bound(16, "event") },
      given: thenNewer(here),
      want: 1,
    },
  ],
];
