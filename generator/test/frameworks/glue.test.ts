import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
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

const both = ["-c", "session.config.ts", "-c", "admin.session.config.ts"];

describe.each([...frameworks.values()])("the glue of $name", ({ name, bundled, files = [`${name}.ts`] }) => {
  it.each<[string, { given: string }]>([
    ["as it is", { given: "" }],
    ["with a cookie that is Secure as the request came", { given: 'cookie: { secure: "auto" },' }],
    [
      "bound to the client's address",
      { given: 'binding: { network: { ipv4: 24, ipv6: 48 }, onMismatch: "event" },' },
    ],
  ])("compiles %s, for several kinds of sessions side by side", async (_name, { given }) => {
    const options = `${given} backend: { kind: "memory" }, frameworks: ["${name}"]`;
    const user = project({
      "session.config.ts": config("visits: z.int().default(0)", options),
      "admin.session.config.ts": config("role: z.string().optional()", `name: "admin", ${options}`),
      "admin.sessgen.lock.json": printLock(newLock("admin-application-id22")),
      // A framework that bundles has its packages found as bundlers find them.
      "tsconfig.json": bundled || name === "nuxt" ? forBundlers(name) : tsconfig,
    });
    expect(await user.run("--no-cache", ...both)).toMatchObject({ code: 0, err: "" });
    for (const file of files) {
      const text = user.read(`src/session/${file}`);
      expect(text).not.toMatch(/admin/i);
      expect(text.match(/^(?= *(?:\/\*\*|\*|\/\/)).{101,}$/gm)).toBeNull();
      expect(user.read(`src/admin-session/${file}`)).toContain("AdminSession");
    }
    expect(compile(user)).toEqual([]);
  });
});
