import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "each answers as it is told while the store is away, and what is stored stays",
    {
      given: async ({ older, newer, store }) => {
        await older.visit((session) => {
          session.visits = 1;
        });
        const read = store.read.bind(store);
        store.read = () => Promise.reject(new Error("away"));
        const away = [
          await older.visit((session) => session.visits),
          await newer.visit((session) => session.visits),
        ];
        store.read = read;
        return [...away, await newer.visit((session) => session.visits)];
      },
      want: [{ refused: "store/unavailable" }, 0, 1],
    },
  ],
];
