import type { Lineage } from "./lineage.js";
import type { Report } from "./violation.js";
import type { Addition, Found, Visit } from "./visits.js";

type Read = Visit & { readonly id: string; readonly found: Found };
type Adding = Visit & { readonly addition: Addition };

/**
 * What a session shows is exactly the sum of what its log says was added, each once; nothing of it
 * is refused or another user's, and nothing is missing that was acknowledged or seen before.
 */
export function checkSums(visits: readonly Visit[], lineage: Lineage, report: Report): void {
  const additions = new Map(
    visits
      .filter((visit): visit is Adding => visit.addition !== undefined)
      .map((visit) => [visit.addition.element, visit]),
  );
  const reads = visits
    .filter(
      (visit): visit is Read => visit.found !== undefined && visit.id !== undefined && visit.kind !== "stray",
    )
    .sort((a, b) => a.begin - b.begin);
  const elementsUnder = new Map<string, Adding[]>();
  for (const adding of additions.values()) {
    const id = adding.to ?? adding.id;
    if (adding.outcome !== "done" || id === undefined) continue;
    elementsUnder.set(id, [...(elementsUnder.get(id) ?? []), adding]);
  }
  for (const [index, read] of reads.entries()) {
    const chain = new Set(lineage.chainOf(read.id));
    checkLog(read, chain, additions, report);
    const log = new Set(read.found.log);
    for (const id of chain) {
      const missing = (elementsUnder.get(id) ?? []).find(
        ({ addition, ended }) => ended < read.begin && !log.has(addition.element),
      );
      if (missing !== undefined)
        report("lost update", `element ${missing.addition.element} is missing`, missing, read);
    }
    const before = reads.slice(0, index).findLast((each) => chain.has(each.id) && each.opened < read.begin);
    if (before?.found.log.some((element) => !log.has(element)))
      report("went back", "something was there before and is not any more", before, read);
  }
}

function checkLog(
  read: Read,
  chain: ReadonlySet<string>,
  additions: ReadonlyMap<number, Adding>,
  report: Report,
): void {
  const { log, count, balance } = read.found;
  let [counted, spent] = [0, 0];
  for (const element of log) {
    const adding = additions.get(element);
    if (adding === undefined) {
      report("somebody else's", `nobody here added element ${element}`, read);
      continue;
    }
    const { id = "", to = "", outcome, found } = adding;
    counted += adding.addition.count;
    spent += adding.addition.spend;
    if (outcome === "refused" || outcome === "dropped")
      report("refused update seen", `element ${element} was ${outcome}`, adding, read);
    if (!chain.has(to) && !(found !== undefined && chain.has(id)))
      report("somebody else's", `element ${element} was added to another session`, adding, read);
  }
  if (new Set(log).size < log.length) report("refused update seen", "an element is there twice", read);
  if (counted !== count) report("inexact", `the counter is ${count}, and its additions are ${counted}`, read);
  if (spent !== balance) report("inexact", `the balance is ${balance}, and its additions are ${spent}`, read);
}
