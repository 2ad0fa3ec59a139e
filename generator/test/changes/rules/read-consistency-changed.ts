import type { Fixture } from "../fixture.js";
import { visitedBefore } from "../visited-before.js";
import { writtenByNewer } from "../written-by-newer.js";

export const fixture: Fixture = [
  ["what is stored stays the same, to both versions", { given: visitedBefore, want: 1 }],
  ["and what either writes", { given: writtenByNewer, want: 2 }],
];
