import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { generatorErrors } from "../../../src/errors.js";
import { dynamodb } from "./cases/dynamodb.js";
import { mongodb } from "./cases/mongodb.js";
import { mysql } from "./cases/mysql.js";
import { postgres } from "./cases/postgres.js";
import { redis } from "./cases/redis.js";
import { sqlite } from "./cases/sqlite.js";
import type { DriftCase } from "./drift.js";

const file = fileURLToPath(new URL("../../../../docs/drift.md", import.meta.url));
const backends: Readonly<Record<string, readonly DriftCase[]>> = {
  PostgreSQL: postgres,
  "MariaDB and MySQL": mysql,
  SQLite: sqlite,
  Redis: redis,
  MongoDB: mongodb,
  DynamoDB: dynamodb,
};

function table([name, cases]: readonly [string, readonly DriftCase[]]): string {
  const rows = cases.map(([what, { want }]) => {
    const codes = want.map((code) => `\`verify/${code}\``).join(", ");
    return `| ${what} | ${codes} |`;
  });
  return [`## ${name}`, "", "| what somebody did | found as |", "| --- | --- |", ...rows].join("\n");
}

it("docs/drift.md has every case (write it anew: -u)", async () => {
  const page = readFileSync(file, "utf8");
  const tables = Object.entries(backends).map(table).join("\n\n");
  const text = page.replace(
    /(<!-- begin:.*?-->\n)[\s\S]*?(<!-- end -->)/,
    (_, begin, end) => `${begin}\n${tables}\n\n${end}`,
  );
  await expect(text).toMatchFileSnapshot(file);
});

it("every code of a case is one of the registry", () => {
  const codes = Object.values(backends).flatMap((cases) => cases.flatMap(([, { want }]) => want));
  expect(codes.filter((code) => !(`verify/${code}` in generatorErrors))).toEqual([]);
});
