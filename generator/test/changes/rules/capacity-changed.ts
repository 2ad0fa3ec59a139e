import { rm } from "node:fs/promises";
import type { Fixture } from "../fixture.js";
import type { Versions } from "../versions.js";

const folder = ".cache/sessgen-tests/changes-capacity";
const room = (most: number | undefined) =>
  `backend: { kind: "file", directory: "${folder}"${most === undefined ? "" : `, maxEntries: ${most}`} }`;

/** Three users come to the older version, and one more to the newer one: who is still known. */
const visits = async ({ older, newer, cookies }: Versions) => {
  const users: Map<string, string>[] = [];
  const come = async (version: typeof older) => {
    cookies.clear();
    await version.visit((session) => {
      session.visits = 1;
    });
    users.push(new Map(cookies));
  };
  await come(older);
  await come(older);
  await come(older);
  await come(newer);
  const known: unknown[] = [];
  for (const user of users) {
    cookies.clear();
    for (const [name, value] of user) cookies.set(name, value);
    known.push(await newer.visit((session) => session.visits));
  }
  await rm(folder, { recursive: true, force: true });
  return known.reduce((sum: number, one) => sum + Number(one), 0);
};

export const fixture: Fixture = [
  [
    "users beyond the bound are logged out",
    {
      ownStores: true,
      example: { before: room(undefined), after: room(1) },
      given: async (versions) => (await visits(versions)) < 4,
      want: true,
    },
  ],
  [
    "more room loses nobody",
    {
      ownStores: true,
      class: "safe",
      example: { before: room(50), after: room(100) },
      given: visits,
      want: 4,
    },
  ],
];
