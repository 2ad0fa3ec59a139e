import { serviceUrl } from "../../../../services/client.js";
import type { Fixture } from "../fixture.js";
import { visitedBefore } from "../visited-before.js";

const redis = await serviceUrl("redis");
const at = (database: number) =>
  `backend: { kind: "redis", url: ${JSON.stringify(`${redis}/${database}`)}, prefix: "changes-${process.pid}:" }`;

export const fixture: Fixture =
  redis === ""
    ? []
    : [
        [
          "another server, or database of it, knows nobody",
          {
            ownStores: true,
            example: { before: at(0), after: at(1) },
            given: async (versions) => [
              await visitedBefore(versions),
              await versions.older.visit((session) => session.visits),
            ],
            want: [0, 1],
          },
        ],
        [
          "the same one under another name loses nothing",
          {
            ownStores: true,
            example: {
              before: at(0),
              after: at(0).replace("127.0.0.1", "localhost").replace("redis://", "redis://default@"),
            },
            given: visitedBefore,
            want: 1,
          },
        ],
      ];
