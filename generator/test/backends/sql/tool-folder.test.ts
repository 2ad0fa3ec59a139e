/** @module-tag slow */
import { expect, it } from "vitest";
import { config, project } from "../../support/project.js";

const options =
  'backend: { kind: "sqlite", file: "s.db" }, migrations: { tool: "drizzle", folder: "drizzle" }';
const journal = (entries: string): string =>
  `{ "version": "7", "dialect": "sqlite", "entries": [${entries}] }\n`;
const entry = '{ "idx": 0, "version": "6", "when": 1700000000000, "tag": "0000_first", "breakpoints": true }';

it.each<[string, { given: string; want: { code: number; kept: boolean } }]>([
  ["is added to", { given: journal(entry), want: { code: 0, kept: false } }],
  [
    "stays as it is where git left a conflict in it",
    {
      given: `<<<<<<< HEAD\n${journal(entry)}=======\n${journal("")}>>>>>>> theirs\n`,
      want: { code: 3, kept: true },
    },
  ],
])("a tool's record of the application's own migrations %s", async (_name, { given, want }) => {
  const path = "drizzle/meta/_journal.json";
  const user = project({ "session.config.ts": config("a: z.string().max(9)", options), [path]: given });
  const { code, err } = await user.run();
  expect(code, err).toBe(want.code);
  if (want.kept) {
    expect(err).toContain(`${path} is no JSON [migrate/broken-history]`);
    expect(user.read(path)).toBe(given);
  } else expect(JSON.parse(user.read(path)).entries).toMatchObject([{ tag: "0000_first" }, { idx: 1 }]);
});
