// Takes the place of `node:net` where there is none.

/** 4 or 6 for an address of that version, 0 for anything else. */
export function isIP(text: string): 0 | 4 | 6 {
  if (/^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(text)) return 4;
  if (!/^[0-9a-f:.]+(?:%.+)?$/i.test(text) || !text.includes(":")) return 0;
  return URL.canParse(`http://[${text.replace(/%.*$/, "")}]`) ? 6 : 0;
}
