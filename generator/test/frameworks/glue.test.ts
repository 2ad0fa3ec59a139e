import { fileURLToPath } from "node:url";
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
          `${named} ${options} backend: { kind: "memory" }, frameworks: ["${name}"]`,
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
      for (const kind of ["admin", "secure", "bound"] as const)
        expect(user.read(`src/${kind}-session/${file}`)).toMatch(new RegExp(`${kind}Session`, "i"));
    }
    expect(compile(user)).toEqual([]);
  },
);
