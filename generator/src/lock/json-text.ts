/** JSON whose objects are maps, so that their members keep their order whatever they are called. */
export type JsonNode = string | number | boolean | null | readonly JsonNode[] | JsonMap;

/** An object: on a line of its own where that has room, unless it is to be spread over several. */
export class JsonMap {
  readonly members: readonly (readonly [string, JsonNode])[];
  readonly spread: boolean;

  /** @param options - `spread`: each member gets a line of its own, whether or not there is room */
  constructor(
    members: Iterable<readonly [string, JsonNode | undefined]>,
    options: { readonly spread?: boolean } = {},
  ) {
    this.members = [...members].flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    );
    this.spread = options.spread === true;
  }
}

/** Prettier's default. */
const WIDTH = 80;

/**
 * Prints JSON as prettier and biome leave it: they would join the lines of a list that has room on
 * one, and break a line that is too long, but keep an object spread that is.
 *
 * @param width - how many columns a line has
 */
export function jsonText(root: JsonNode, width: number = WIDTH): string {
  return `${print(root, 0, 0, width)}\n`;
}

/**
 * @param used - the columns that are taken on the line, what follows the value on it included
 */
function print(node: JsonNode, depth: number, used: number, width: number): string {
  const line = lineOf(node);
  // Letters of other scripts may be two columns wide: what has some is spread, which is right for
  // any width.
  if (line !== undefined && used + line.length <= width && /^[\x20-\x7e]*$/.test(line)) return line;
  const indent = "  ".repeat(depth + 1);
  const below = (prefix: string, value: JsonNode): string =>
    `${indent}${prefix}${print(value, depth + 1, indent.length + prefix.length + 1, width)}`;
  if (node instanceof JsonMap && node.members.length > 0) {
    const members = node.members.map(([name, value]) => below(`${JSON.stringify(name)}: `, value));
    return `{\n${members.join(",\n")}\n${"  ".repeat(depth)}}`;
  }
  if (isList(node) && node.length > 0)
    return `[\n${node.map((value) => below("", value)).join(",\n")}\n${"  ".repeat(depth)}]`;
  return line ?? "";
}

/** The node on one line; `undefined` where it has to be spread. */
function lineOf(node: JsonNode): string | undefined {
  if (node instanceof JsonMap) {
    if (node.members.length === 0) return "{}";
    const members = node.members.map(([name, value]) => {
      const text = lineOf(value);
      return text === undefined ? undefined : `${JSON.stringify(name)}: ${text}`;
    });
    return node.spread || members.includes(undefined) ? undefined : `{ ${members.join(", ")} }`;
  }
  if (!isList(node)) return JSON.stringify(node);
  // Prettier spreads lists of several objects that have several members each.
  const objects =
    node.length > 1 && node.every((value) => value instanceof JsonMap && value.members.length > 1);
  const items = node.map(lineOf);
  return objects || items.includes(undefined) ? undefined : `[${items.join(", ")}]`;
}

function isList(node: JsonNode): node is readonly JsonNode[] {
  return Array.isArray(node);
}
