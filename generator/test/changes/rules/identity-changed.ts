import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "the newer version drops the cart of the user before, the older one keeps it",
    {
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.user = { id: "ada", name: "Ada" };
          session.cart = ["book"];
        });
        await older.visit((session) => {
          session.user = { id: "eve", name: "Eve" };
        });
        const kept = await older.visit((session) => session.cart);
        await newer.visit((session) => {
          session.user = { id: "bob", name: "Bob" };
        });
        return [kept, await newer.visit((session) => session.cart)];
      },
      want: [["book"], []],
    },
  ],
];
