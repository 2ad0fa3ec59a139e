import type { Fixture } from "../fixture.js";
import type { Version } from "../versions.js";

export const fixture: Fixture = [
  [
    "the newer version changes the id, the older one does not",
    {
      given: async ({ older, newer, cookies }) => {
        const idAfter = async (version: Version, role: string) => {
          await version.visit((session) => {
            session.role = role;
          });
          return [...cookies.values()].join();
        };
        const first = await idAfter(older, "guest");
        const second = await idAfter(older, "member");
        return [second === first, (await idAfter(newer, "admin")) === second];
      },
      want: [true, false],
    },
  ],
];
