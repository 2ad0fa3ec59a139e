import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const scripts = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).scripts;

const pages = [
  ".",
  "docs",
  "docs/coming-from",
  "docs/decisions",
  "docs/frameworks",
  "docs/guides",
  "docs/newcomers",
  "generator",
  "runtime",
  ".changeset",
].flatMap((folder) =>
  readdirSync(join(root, folder))
    // A change's own words, which are gone with the release.
    .filter((name) => name.endsWith(".md") && (folder !== ".changeset" || name === "README.md"))
    .map((name) => join(folder, name)),
);

describe.each(pages)("%s", (page) => {
  const text = readFileSync(join(root, page), "utf8");

  it("links to pages that are there", () => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g)].map(
      ([, link = ""]) => link,
    );
    expect(links.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
  });

  it("names scripts that are there", () => {
    const named = [...text.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name = ""]) => name);
    // Guides are followed in an application, which has the scripts of its framework's starter.
    const isGuide = /^docs\/(?:frameworks|newcomers)\//.test(page);
    const there = isGuide ? { ...scripts, dev: "", build: "" } : scripts;
    expect(named.filter((name) => there[name] === undefined)).toEqual([]);
  });
});

it.each(["ARCHITECTURE.md", "CONTRIBUTING.md"])("%s names files and folders that are there", (page) => {
  const text = readFileSync(join(root, page), "utf8");
  const inPackages =
    /`((?:generator|runtime|templates|services|hammer|fuzz|bench|examples|scripts)\/[\w./-]*)`/g;
  const named = [...text.matchAll(inPackages)].map(([, path = ""]) => path);
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

describe("the layers of the runtime", () => {
  it("are in ARCHITECTURE.md as they are checked", async () => {
    const page = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
    const [, line = ""] = /^ {4}(errors < .+)$/m.exec(page) ?? [];
    const { default: config } = await import("../.dependency-cruiser.cjs");
    const rules: { readonly name: string }[] = config.forbidden;
    const layers = rules.flatMap(({ name }) => /^runtime-layer-(\w+)$/.exec(name)?.[1] ?? []);
    expect(line.split(" < ")).toEqual(layers);
  });
});

it("the license is in both packages", () => {
  const license = readFileSync(join(root, "LICENSE"), "utf8");
  for (const name of ["generator", "runtime"]) {
    expect(readFileSync(join(root, name, "LICENSE"), "utf8")).toBe(license);
  }
});
