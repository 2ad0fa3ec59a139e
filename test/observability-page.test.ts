import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { quarantineKey, storeKey } from "@sessgen/runtime";
import { expect, it } from "vitest";
import { application } from "../generator/test/support/project.js";
import { idOf, sqlite, stored } from "../generator/test/support/stored.js";
import { counted } from "../runtime/src/opentelemetry/counted.js";

const text = (path: string): string => readFileSync(fileURLToPath(new URL(path, import.meta.url)), "utf8");
const page = text("../docs/observability.md");
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(([, code = ""]) => code);

it("docs/observability.md has every event, with every member of its payload, and no other", () => {
  const source = text("../runtime/src/session/context/events.ts");
  const declared = source
    .slice(
      source.indexOf("export interface SessionEvents {"),
      source.indexOf("/** What a store was asked for. */"),
    )
    .replace(/\/\*\*.*?\*\//gs, "")
    .replaceAll("StoreOperation &", "{ readonly store, readonly operation, readonly duration }")
    .split(/^ {2}readonly (?="?[\w-]+"?:)/m)
    .slice(1);
  const events = declared.map((each) => [
    /^"?([\w-]+)"?:/.exec(each)?.[1],
    [...each.matchAll(/readonly (\w+)\b(?=[?:,}]| \})/g)].map(([, name]) => name).sort(),
  ]);
  const rows = [...page.matchAll(/^\| `([\w-]+)` \| (.*?) ?\|/gm)].map(([, name, payload = ""]) => [
    name,
    [...payload.matchAll(/`(\w+)`/g)].map(([, member]) => member).sort(),
  ]);
  expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(events));
  expect(rows.length).toBeGreaterThan(12);
});

it("docs/observability.md has every metric", () => {
  const histograms = [...text("../runtime/src/opentelemetry/instrument.ts").matchAll(/"(sessgen\.[\w.]+)"/g)]
    .map(([, name = ""]) => name)
    .filter((name) => /duration|size$/.test(name) && name !== "sessgen.size");
  expect(histograms).toHaveLength(4);
  for (const name of [...histograms, ...Object.values(counted).map(({ metric }) => metric)])
    expect(page).toContain(`\`${name}\``);
});

it("what docs/observability.md says can be done, can be done", async () => {
  const [listening = "", subscribing = "", instrumenting = "", option = "", reading = ""] = blocks("ts");
  const user = await stored(sqlite, {
    rest: `, ${option
      .replace(/^\/\/.*\n/, "")
      .trim()
      .replace(/,$/, "")}`,
  });
  const cookie = user.begin('{ user: { id: 42, name: "Ada" } }');
  const key = storeKey(idOf(cookie), { application });
  const store = user.open();
  await store.write(key, Buffer.from("{broken"), { expect: "any", expiresAt: Date.now() + 60_000 });
  await store.close();
  const said = user.app(`${listening.replace(/^import .*$/m, "")}
${subscribing}
${instrumenting}
const lines: unknown[][] = [];
const { log } = console;
console.log = (...line: unknown[]) => void lines.push(line);
await sessions.open(${JSON.stringify(cookie)});
console.log = log;
const id = ${JSON.stringify(idOf(cookie))};
${reading}
result = { lines, kept: Buffer.from(kept?.payload ?? []).toString() };`);
  expect(said).toEqual({
    lines: [[{ found: false, bytes: 0, duration: expect.any(Number) }]],
    kept: "{broken",
  });
  const [, command = ""] = blocks("sh");
  expect(command.trim()).toBe('npx sessgen inspect --quarantined "$COOKIE"');
  expect((await user.sessgen("inspect", "--quarantined", cookie)).out).toContain(quarantineKey(key));
  expect((await user.sessgen("revoke", "--key", quarantineKey(key))).out).toBe("1 session removed\n");
  expect((await user.sessgen("inspect", "--quarantined", cookie)).code).not.toBe(5);
});
