import { existsSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/**
 * Makes links that lead out of docs/ lead to the repository: the README, an example, a source file.
 * One to what is not there fails the build, as VitePress does for pages.
 */
export function repositoryLinks(md, repository) {
  md.core.ruler.push("repository-links", ({ tokens, env }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      if (token.type !== "link_open") continue;
      const target = outside(token.attrGet("href"), env.relativePath);
      if (target === undefined) continue;
      if (!existsSync(join(root, target.path)))
        throw new Error(`docs/${env.relativePath} links to ${target.path}, which is not there`);
      const kind = statSync(join(root, target.path)).isDirectory() ? "tree" : "blob";
      token.attrSet("href", `${repository}/${kind}/main/${target.path}${target.hash}`);
    }
  });
}

/**
 * Where a link leads to, below the repository's root; undefined within docs/ and for other sites.
 */
function outside(href, page) {
  if (href === null || /^(?:[a-z]+:|#|\/)/i.test(href)) return undefined;
  const [path = "", hash] = href.split("#", 2);
  const found = relative(root, join(root, "docs", dirname(page), decodeURI(path))).replaceAll("\\", "/");
  if (found.startsWith("docs/")) return undefined;
  return { path: found, hash: hash === undefined ? "" : `#${hash}` };
}
