import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { pythonTool } from "../../../../services/tools.js";
import { config, project } from "../../support/project.js";

const schema = "user: z.object({ id: z.string(), age: z.int().optional() }).optional()";
const dialects: [string, string][] = [
  ["sqlite", '{ kind: "sqlite", file: "s.db" }'],
  ["postgres", '{ kind: "postgres", url: env("URL") }'],
  ["mysql", '{ kind: "mysql", url: env("URL") }'],
];

// Not in a test: the first time it is installed, which takes longer than any of them may.
const sqlfluff = pythonTool("sqlfluff", "sqlfluff==4.5.0");

it.for(dialects)("sqlfluff can read every statement for %s", async ([dialect, backend], { skip }) => {
  if (sqlfluff === undefined) return skip("there is no Python here, or no PyPI");
  const user = project();
  // Its tables, columns that come, change their type and go, and what undoes all that.
  for (const fields of ["{}", '{ "user.id": { index: true } }', '{ "user.age": { index: true } }']) {
    user.write({ "session.config.ts": config(schema, `fields: ${fields}, backend: ${backend}`) });
    expect(await user.run()).toMatchObject({ code: 0 });
  }
  const folder = join(user.root, "session-infra", dialect);
  // Of MySQL's privileges it knows neither ALTER nor INDEX nor DROP. MariaDB ran the file, in accounts.test.ts.
  if (dialect === "mysql") rmSync(join(folder, "roles.sql"));
  // What it cannot read fails with every rule; this one is that files end with a newline.
  execFileSync(sqlfluff, ["lint", "--dialect", dialect, "--rules", "LT12", folder], { stdio: "pipe" });
});
