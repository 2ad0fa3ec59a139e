import type { Drift, Target } from "../live/live.js";
import { neighboursOf, neighbourText } from "../live/neighbours.js";
import type { Reporter } from "./report.js";

/**
 * Enters the application in the store's list, and tells who else is in it.
 * @returns what is to be warned of
 */
export async function tellNeighbours(target: Target, report: Reporter): Promise<readonly Drift[]> {
  const { others, drifts } = await neighboursOf(target);
  report.data("neighbours", others);
  for (const other of others) report.line(`Also in this store: ${neighbourText(other)}`);
  return drifts;
}
