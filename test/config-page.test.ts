/** @module-tag slow */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { backends } from "../generator/src/backends/index.js";
import { optionNames } from "../generator/src/config/options/options.js";
import { frameworks } from "../generator/src/frameworks/index.js";
import { policies } from "../generator/src/model/policies/policies.js";
import { project } from "../generator/test/support/project.js";
import { configPage } from "../scripts/config-page.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const page = readFileSync(`${root}docs/config.md`, "utf8");

describe("docs/config.md", () => {
  it("is what `npm run docs:config` writes", () => {
    expect(page).toBe(configPage());
  });

  it("has every option that a config may have, by what reads configs", () => {
    const names = optionNames({ backends, frameworks });
    for (const [place, options] of names) {
      if (place === "fields") continue;
      for (const name of options) {
        if (["kind", "name", "$env"].includes(name)) continue;
        expect(page, `${place} ${name}`).toMatch(new RegExp(`[\`.{ ]${name}(?:\`|\\??:)`));
      }
    }
    for (const name of Object.keys(policies)) expect(page).toContain(`### \`fields.….${name}\``);
    for (const kind of backends.keys()) expect(page).toContain(`### backend \`${kind}\``);
  });

  it.each(["docs/config.md", "docs/index.md"])("%s shows a config that can be generated", async (name) => {
    const [, text = ""] = /^```ts(?: .+)?\n([\s\S]*?)^```$/m.exec(readFileSync(root + name, "utf8")) ?? [];
    expect(text).toContain("defineConfig");
    const user = project({ "session.config.ts": text, "session-templates/README.md": "" });
    expect(await user.run()).toMatchObject({ code: 0 });
  });
});
