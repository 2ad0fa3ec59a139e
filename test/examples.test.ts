import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { globSync } from "tinyglobby";
import ts59 from "typescript-5.9";
import ts6 from "typescript-6";
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

const compilers = {
  "typescript-5.9": ts59,
  // What is used of it here is the same.
  "typescript-6": ts6 as unknown as typeof ts59,
};

/** What the compiler says of a project. In this process, since half of the time goes into beginning. */
function judgement(ts: typeof ts59, folder: string): readonly string[] {
  const onUnRecoverableConfigFileDiagnostic = ({ messageText }: { messageText: unknown }): never => {
    throw new Error(JSON.stringify(messageText));
  };
  const { fileNames, options, projectReferences, errors } =
    ts.getParsedCommandLineOfConfigFile(
      `${folder}/tsconfig.json`,
      { noEmit: true },
      { ...ts.sys, onUnRecoverableConfigFileDiagnostic },
    ) ?? {};
  const program = ts.createProgram({
    rootNames: fileNames ?? [],
    options: options ?? {},
    ...(projectReferences && { projectReferences }),
    configFileParsingDiagnostics: errors ?? [],
  });
  return ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
    );
}

// The build has compiled them with the newest TypeScript; users may have an older one.
describe.each(examples)("the example %s, its emitted module and glue included", (example) => {
  it.each(Object.entries(compilers))("compiles without a word under %s", (_name, ts) => {
    expect(judgement(ts, `${root}examples/${example}`)).toEqual([]);
  });
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
