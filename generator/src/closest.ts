import { distance, closest as nearest } from "fastest-levenshtein";

/** Gives the candidate that is most like a misspelt word; `undefined` when none is. */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const best = nearest(word, candidates);
  return distance(word, best) <= Math.max(2, Math.floor(word.length / 3)) ? best : undefined;
}
