import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { format } from "prettier";
import { expect, it } from "vitest";
import { frameworks } from "../../src/frameworks/index.js";
import { newLock } from "../../src/lock/lock.js";
import { printLock } from "../../src/lock/text.js";
import { compile, tsconfig } from "../support/compiled.js";
import { config, project } from "../support/project.js";

const { compilerOptions, ...rest } = JSON.parse(tsconfig);
const bundler = { module: "esnext", moduleResolution: "bundler" };
/** Nuxt has another h3 than h3's own glue. */
const h3OfNuxt = fileURLToPath(new URL("../../../examples/nuxt/node_modules/h3/", import.meta.url));
const forBundlers = (name: string): string => {
  const paths = { ...compilerOptions.paths, ...(name === "nuxt" ? { h3: [h3OfNuxt] } : {}) };
  return JSON.stringify({ ...rest, compilerOptions: { ...compilerOptions, ...bundler, paths } });
};

/** What glue has to know of a kind of sessions; the usual kind, without a name, says nothing. */
const kinds = {
  "": "",
  admin: "",
  secure: 'cookie: { secure: "auto" },',
  bound: 'binding: { network: { ipv4: 24, ipv6: 48 }, onMismatch: "event" },',
};

/** Glue for the usual kind of sessions, by a path of its own. */
const glue = new Map<string, string>();

const biome = fileURLToPath(new URL("../../../node_modules/.bin/biome", import.meta.url));

// One project for all of it, since the compiler takes its time for each.
it.each([...frameworks.values()])(
  "the glue of $name compiles as it is, Secure as the request came, and bound to the client's address, for kinds side by side",
  async ({ name, bundled, files = [`${name}.ts`] }) => {
    const configs = Object.entries(kinds).map(([kind, options]) => {
      const named = kind === "" ? "" : `name: "${kind}",`;
      return {
        path: `${kind === "" ? "" : `${kind}.`}session.config.ts`,
        text: config(
          `${kind}visits: z.int().default(0)`,
          `${named} ${options} backend: { kind: "memory" }, frameworks: ["${name}"], testing: true`,
        ),
      };
    });
    const user = project({
      ...Object.fromEntries(configs.map(({ path, text }) => [path, text])),
      ...Object.fromEntries(
        Object.keys(kinds)
          .filter((kind) => kind !== "")
          .map((kind) => [
            `${kind}.sessgen.lock.json`,
            printLock(newLock(`${kind}-application-id`.padEnd(22, "2"))),
          ]),
      ),
      // A framework that bundles has its packages found as bundlers find them.
      "tsconfig.json": bundled || name === "nuxt" ? forBundlers(name) : tsconfig,
    });
    const all = configs.flatMap(({ path }) => ["-c", path]);
    expect(await user.run("--no-cache", ...all)).toMatchObject({ code: 0, err: "" });
    for (const file of files) {
      const text = user.read(`src/session/${file}`);
      expect(text).not.toMatch(/(?:admin|secure|bound)-?session/i);
      expect(text.match(/^(?= *(?:\/\*\*|\*|\/\/)).{101,}$/gm)).toBeNull();
      await laidOut(name, file, text);
      for (const kind of ["admin", "secure", "bound"] as const)
        expect(user.read(`src/${kind}-session/${file}`)).toMatch(new RegExp(`${kind}Session`, "i"));
    }
    await laidOut(name, "testing.ts", user.read("src/session/testing.ts"));
    expect(compile(user)).toEqual([]);
  },
);

it("biome leaves glue as it is, and has no imports to sort", () => {
  const formatter = { indentStyle: "space", lineWidth: 100 };
  const javascript = { parser: { unsafeParameterDecoratorsEnabled: true } };
  // Not below node_modules, where biome does not look.
  const copies = mkdtempSync(join(tmpdir(), "sessgen-glue-"));
  const settings = JSON.stringify({ root: true, formatter, javascript, linter: { enabled: false } });
  for (const [path, text] of [["biome.json", settings], ...glue] as const) {
    mkdirSync(dirname(join(copies, path)), { recursive: true });
    writeFileSync(join(copies, path), text);
  }
  const { stdout, stderr } = spawnSync(biome, ["check", ...glue.keys()], { cwd: copies, encoding: "utf8" });
  rmSync(copies, { recursive: true });
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^Checked \d+ files in .*\. No fixes applied\.\n$/);
});

async function laidOut(name: string, file: string, text: string): Promise<void> {
  expect(await format(text, { parser: "typescript", printWidth: 100 }), file).toBe(text);
  glue.set(`${name}/${file}`, text);
}
