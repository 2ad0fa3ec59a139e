import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/**
 * Fails where a link leads to a heading that its page does not have; VitePress looks for pages
 * only.
 *
 * @param folder - of the pages that were built
 */
export function checkAnchors(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".html"),
  );
  const texts = new Map(files.map((file) => [file, readFileSync(join(folder, file), "utf8")]));
  const ids = new Map(
    [...texts].map(([file, text]) => [
      file,
      new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)),
    ]),
  );
  const dead = [...texts].flatMap(([file, text]) =>
    [...text.matchAll(/<a\b[^>]* href="(?!https?:|mailto:)([^"#]*)#([^"]+)"/g)].flatMap(([, path, hash]) => {
      const target = path === "" ? file : relative(folder, resolveIn(folder, file, path));
      return ids.get(target)?.has(decodeURIComponent(hash)) ? [] : [`${file}: ${path}#${hash}`];
    }),
  );
  if (dead.length > 0) throw new Error(`Links to headings that are not there:\n${dead.join("\n")}`);
}

function resolveIn(folder, file, path) {
  const found = path.startsWith("/") ? join(folder, path) : join(folder, dirname(file), path);
  return found.endsWith(".html") ? found : join(found, "index.html");
}
