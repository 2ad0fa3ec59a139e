import type { Tally } from "./judge.js";

/** Says what was looked at. */
export function tallyText(tally: Tally): string {
  const { chains, reads, warned, writes, refused, beside, merged, impossible, kinds } = tally;
  const { found, unsure, strangers, begun } = tally;
  const total = [...impossible.values()].reduce((sum, one) => sum + one, 0);
  return [
    `${chains} chains (${total} more refused by the generator), ${writes} writes, ${beside} of them beside another (${merged} on one list)`,
    `${reads} reads, ${warned} of what the gate had named; ${refused} requests refused`,
    `${strangers} looks did not find the session, as the gate had said; ${begun} were begun anew`,
    `${found} lookups found the session, ${unsure} said that there may be more`,
    ...[...kinds].sort(([, one], [, other]) => other - one).map(([kind, n]) => `  ${n} × ${kind}`),
    ...[...impossible].map(([text, n]) => `  refused ${n} ×: ${text}`),
  ].join("\n");
}
