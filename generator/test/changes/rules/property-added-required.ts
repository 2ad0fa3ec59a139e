import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "the cart reads as empty, and with the first addition the old items are gone for both",
    {
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.cart = [{ sku: "book" }];
        });
        const read = await newer.visit((session) => session.cart);
        await newer.visit((session) => void session.cart.push({ sku: "pen", price: 2 }));
        return [read, await older.visit((session) => session.cart)];
      },
      want: [[], [{ sku: "pen" }]],
    },
  ],
];
