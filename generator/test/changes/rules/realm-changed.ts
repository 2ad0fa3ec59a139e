import type { Fixture } from "../fixture.js";
import { visitedBefore } from "../visited-before.js";

export const fixture: Fixture = [["everybody is a stranger", { given: visitedBefore, want: 0 }]];
