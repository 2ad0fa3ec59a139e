import { mutatedText } from "./mutations.js";
import type { Random } from "./random.js";

/** What the attacker can build Cookie headers from. */
export interface Parts {
  readonly name: string;
  /** A cookie header that is good. */
  readonly own: string;
  /** Values of cookies, ids, signatures, keys: whatever was seen somewhere. */
  readonly loot: readonly string[];
}

const around = ["", "a=b", "a=b; c=d", "=", ";", "; ;", "$Version=1", '"', "a", "Path=/", "csrf=%00"];
const before = ["", " ", "\t", "\xa0", "\x85", "\u2000", "=", "$", "__Secure-", '"', "."];

/** A Cookie header as a browser, a proxy, or nobody would send it. */
export function hostileHeader(random: Random, parts: Parts): string {
  switch (random.below(8)) {
    case 0:
      return mutatedText(random, parts.own);
    case 1:
      return [random.pick(around), pair(random, parts), parts.own, pair(random, parts)]
        .slice(random.below(3))
        .join("; ");
    case 2:
      return Array.from({ length: 1 + random.below(30) }, () => pair(random, parts)).join(
        random.pick(["; ", ";", ",", " "]),
      );
    case 3:
      return `${random.pick(before)}${pair(random, parts)}`;
    case 4:
      return `${parts.name}=${random.pick(parts.loot)}.${random.pick(parts.loot)}`;
    case 5:
      return mutatedText(random, pair(random, parts));
    case 6:
      return Buffer.from(random.bytes(random.below(200))).toString("latin1");
    default:
      return random.oneIn(50)
        ? `${parts.name}=${random.pick([";", "=", "x", `; ${parts.name}=`]).repeat(random.pick([3_000, 60_000, 70_000]))}`
        : `${parts.name}=${mutatedText(random, random.pick(parts.loot))}`;
  }
}

function pair(random: Random, { name, loot }: Parts): string {
  const named = random.oneIn(4)
    ? random.pick([
        name.toLowerCase(),
        `${name}.1`,
        `${name}.2`,
        "__proto__",
        "constructor",
        mutatedText(random, name),
      ])
    : name;
  const value = random.pick(loot);
  return `${named}=${random.oneIn(3) ? mutatedText(random, value) : random.oneIn(6) ? `"${value}"` : value}`;
}
