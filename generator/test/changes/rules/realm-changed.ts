import type { Fixture } from "../fixture.js";
import { visitedBefore } from "../visited-before.js";
import { writtenByNewer } from "../written-by-newer.js";

const schema = "schema: z.object({ visits: z.int().default(0) })";
const followed = { after: `${schema}, realm: "staging", previous: [{ realm: "" }]` };
const foreseen = { ...followed, before: `${schema}, previous: [{ realm: "staging" }]` };

export const fixture: Fixture = [
  ["everybody is a stranger", { given: visitedBefore, want: 0 }],
  [
    "with `previous` the newer version finds everybody",
    { example: followed, class: "step", given: visitedBefore, want: 1 },
  ],
  [
    "and the older one not whom the newer one has written",
    { example: followed, class: "step", given: writtenByNewer, want: 0 },
  ],
  [
    "unless it has the coming one in `previous`",
    { example: foreseen, class: "safe", given: writtenByNewer, want: 2 },
  ],
];
