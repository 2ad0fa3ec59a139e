import type { Fixture } from "../fixture.js";
import { visitedBefore } from "../visited-before.js";

export const fixture: Fixture = [["no signature can be verified", { given: visitedBefore, want: 0 }]];
