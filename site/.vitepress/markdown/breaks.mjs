/**
 * Lets inline code break behind its marks: a table with the name of an option or a call in its
 * first column would otherwise be wider than a telephone.
 */
export function breaks(md) {
  const inline = md.renderer.rules.code_inline;
  md.renderer.rules.code_inline = (...given) =>
    // Between tags alone; what is escaped has none of these marks.
    inline(...given).replace(/>([^<]+)</g, (_, text) => `>${text.replace(/[./_(,=]+(?=.)/g, "$&<wbr>")}<`);
}
