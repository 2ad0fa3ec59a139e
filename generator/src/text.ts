/** Takes away the mark that some editors put in front of what they write. */
export function withoutBom(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}
