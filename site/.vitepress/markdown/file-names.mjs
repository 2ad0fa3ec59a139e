/** Languages of our pages that no highlighter knows. */
const plain = new Set(["hex"]);

/** Shows above a block of code which file it is: of ```` ```ts src/server.ts ````, the path. */
export function fileNames(md) {
  const fence = md.renderer.rules.fence;
  md.renderer.rules.fence = (tokens, index, ...rest) => {
    const token = tokens[index];
    const [language, path] = token.info.trim().split(/\s+/);
    if (plain.has(language)) token.info = "txt";
    const code = fence(tokens, index, ...rest);
    if (path === undefined || !/[./]/.test(path)) return code;
    return `<div class="file-name">${md.utils.escapeHtml(path)}</div>${code}`;
  };
}
