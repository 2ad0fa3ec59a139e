import type { Fixture } from "../fixture.js";
import { visitedBefore } from "../visited-before.js";

export const fixture: Fixture = [
  [
    "with another store, or other keys, everybody is a stranger",
    // Of the two versions each has a store of its own, as a module of parts would bring it.
    { ownStores: true, given: visitedBefore, want: 0 },
  ],
];
