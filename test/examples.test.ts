import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { globSync } from "tinyglobby";
import { describe, expect, it, onTestFinished } from "vitest";
import { clientsOf } from "./frameworks/client.js";
import { ownProcess } from "./frameworks/own-process.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const examples = readdirSync(`${root}examples`);
/** Those that need no build: of the others the table of cases is run on what `npm start` serves. */
const started = examples.filter((name) => {
  const { scripts = {} } = JSON.parse(readFileSync(`${root}examples/${name}/package.json`, "utf8"));
  return "start" in scripts && !("build" in scripts);
});

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

// Each has its own, so that a folder can be read and copied by itself.
it("shops look the same everywhere", () => {
  const styles = globSync("examples/*/{app,src}/**/shop.css", { cwd: root });
  expect(styles).toHaveLength(6);
  expect(new Set(styles.map((path) => readFileSync(`${root}${path}`, "utf8"))).size).toBe(1);
});

// Whoever has cloned and built the repository types no more than this.
it.each(started)("npm start in examples/%s serves it", async (name) => {
  const example = new URL(`../examples/${name}/test/`, import.meta.url).href;
  const { origin, close } = await ownProcess(example);
  onTestFinished(close);
  const response = await clientsOf(origin)().send("/");
  expect(response.status).toBe(200);
  expect(response.headers.get("vary")).toContain("Cookie");
});
