/** @module-tag slow - hosts that are other runtimes are installed as they are imported */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { cases } from "./cases.js";
import type { Host } from "./host.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const rows = readdirSync(`${root}examples`)
  .map((name) => `${root}examples/${name}/test/host.ts`)
  .filter((file) => existsSync(file));

it("the page of frameworks tells which cases are skipped, for whom and why", async () => {
  const hosts: Host[] = [];
  for (const file of rows) hosts.push(...Object.values<Host>(await import(file)));
  const skipped = hosts.flatMap(({ name, skips = {} }) =>
    Object.entries(skips).map(([title, reason]) => `| ${name} | ${title} | ${reason} |`),
  );
  const page = readFileSync(`${root}docs/frameworks.md`, "utf8");
  const [, table = ""] = /\| framework \| case \| why not \|\n\|.*\n((?:\|.*\n)+)/.exec(page) ?? [];
  expect(table.trim().split("\n").sort()).toEqual(skipped.sort());
  // A name that is none would skip nothing.
  const titles = Object.keys(cases);
  expect(
    hosts.flatMap(({ skips = {} }) => Object.keys(skips)).filter((title) => !titles.includes(title)),
  ).toEqual([]);
});
