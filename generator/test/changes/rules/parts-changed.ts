import type { Fixture } from "../fixture.js";
import { visitedBefore } from "../visited-before.js";

export const fixture: Fixture = [
  [
    "with other keys, everybody is a stranger",
    {
      newerParts: `import { createHash } from "node:crypto";
export const deriveKey = (id) => createHash("sha256").update("pepper" + id).digest("base64url");`,
      given: visitedBefore,
      want: 0,
    },
  ],
  ["with none of these, nothing is lost", { given: visitedBefore, want: 1 }],
];
