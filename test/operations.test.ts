import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { storeKey } from "@sessgen/runtime";
import { expect, it } from "vitest";
import { application } from "../generator/test/support/project.js";
import { idOf, sqlite, stored } from "../generator/test/support/stored.js";

const page = readFileSync(fileURLToPath(new URL("../docs/operations.md", import.meta.url)), "utf8");
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(([, text = ""]) => text);

const shown = /user +\{ id: 42, name: 'Ada' \}\n +token +\[redacted\]/;

/** What each command of the page prints, in the page's order. */
const wanted: Record<string, RegExp> = {
  'npx sessgen inspect "$COOKIE"': shown,
  'npx sessgen inspect --key "$KEY"': shown,
  "npx sessgen inspect --by user.id=42": /^3 sessions\n/,
  "npx sessgen revoke --by user.id=42 --dry-run": /^3 sessions would be removed\n$/,
  'npx sessgen revoke --by user.id=42 --except "$COOKIE"': /^2 sessions removed\n$/,
  "npx sessgen revoke --by user.id=42 --yes": /^1 session removed\n$/,
  'npx sessgen revoke "$ANOTHER"': /^1 session removed\n$/,
  "npx sessgen revoke --all --dry-run": /^Everybody would be logged out\n$/,
  "npx sessgen revoke --all --yes": /^Everybody is logged out within 5 seconds\n$/,
  "npx sessgen sweep --share 50 --limit 1000 --pause 10": /^0 expired records deleted\n$/,
  "npx sessgen verify": /^The backend sqlite is as it should be\n$/,
  "npx sessgen stats --sample 1000": /^0 live sessions; 0 looked at, 0 of them live\n/,
  "npx sessgen backfill --dry-run": /^0 of 0 sessions would be rewritten\n$/,
  "npx sessgen backfill --share 50 --pause 20": /^0 of 0 sessions rewritten\n$/,
};

it("every command of docs/operations.md does what the page says", async () => {
  const commands = blocks("sh").flatMap((block) => block.trim().split("\n"));
  expect(commands).toEqual(Object.keys(wanted));
  const user = await stored(sqlite);
  const ada = '{ user: { id: 42, name: "Ada" }, token: "s3cret", visits: 3 }';
  const [cookie = ""] = [ada, ada, ada].map(user.begin);
  const words: Record<string, string> = {
    '"$COOKIE"': cookie,
    '"$KEY"': storeKey(idOf(cookie), { application }),
    '"$ANOTHER"': user.begin('{ user: { id: 7, name: "Eve" } }'),
  };
  for (const [command, want] of Object.entries(wanted)) {
    const argv = command.split(" ").slice(2);
    const { code, out, err } = await user.sessgen(...argv.map((word) => words[word] ?? word));
    expect({ code, err }, command).toEqual({ code: 0, err: "" });
    expect(out, command).toMatch(want);
  }
});

it("the scheduler of docs/operations.md works", async () => {
  const [code = ""] = blocks("ts");
  expect(code).toContain("sessions.sweep(");
  const user = await stored(sqlite);
  const store = user.open();
  const key = storeKey("old", { application });
  await store.write(key, Uint8Array.of(1), { expect: "any", expiresAt: 1000 });
  await store.close();
  const soon = code
    .replace("60 * 60_000).unref()", "10)")
    .replace("setInterval", "const timer = setInterval");
  // The application asks the database until the session is gone.
  expect(
    user.app(`import { openSqlite } from "@sessgen/runtime/sqlite-driver";
${soon}
const database = await openSqlite("data/s.db");
while (database.prepare("SELECT 1 FROM sessions WHERE id = ?").get("${key}") !== undefined) await new Promise((next) => setTimeout(next, 10));
database.close();
clearInterval(timer);
result = "swept";`),
  ).toBe("swept");
});
