import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "the cart reads as empty; the first addition is refused, and with the second the old items are gone for both",
    {
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.cart = [{ sku: "book" }];
        });
        const read = await newer.visit((session) => session.cart);
        const push = () => newer.visit((session) => void session.cart.push({ sku: "pen", price: 2 }));
        const refused = await push();
        const kept = await older.visit((session) => session.cart);
        await push();
        return [read, refused, kept, await older.visit((session) => session.cart)];
      },
      want: [[], { refused: "session/substitute" }, [{ sku: "book" }], [{ sku: "pen" }]],
    },
  ],
];
