import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const examples = readdirSync(`${root}examples`);

// The build has compiled them with the newest TypeScript; users may have an older one.
describe.each(examples)("the example %s, its emitted module and glue included", (example) => {
  it.each(["typescript-5.9", "typescript-6"])(
    "compiles without a word under %s",
    (compiler) => {
      const tsc = `${root}node_modules/${compiler}/bin/tsc`;
      const { stdout, status } = spawnSync(process.execPath, [tsc, "-p", `examples/${example}`, "--noEmit"], {
        cwd: root,
        encoding: "utf8",
      });
      expect(stdout).toBe("");
      expect(status).toBe(0);
    },
    60_000,
  );
});
