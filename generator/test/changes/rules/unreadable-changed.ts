import type { Fixture } from "../fixture.js";
import type { Versions } from "../versions.js";

const schemas = {
  before: "schema: z.object({ cart: z.array(z.object({ sku: z.string() })).default([]) })",
  after: "schema: z.object({ cart: z.array(z.object({ sku: z.string(), quantity: z.int() })).default([]) })",
};
const with_ = (before: string, after: string) => ({
  before: `${schemas.before}, onUnreadable: "${before}"`,
  after: `${schemas.after}, onUnreadable: "${after}"`,
});

/** Whether what the newer version cannot read was kept when it was replaced. */
const replaced = async ({ older, newer }: Versions) => {
  const kept: unknown[] = [];
  newer.sessions.on("substitute", (event: { readonly kept: boolean }) => kept.push(event.kept));
  await older.visit((session) => {
    session.cart = [{ sku: "a" }];
  });
  await newer.visit((session) => {
    session.cart = [{ sku: "b", quantity: 1 }];
  });
  return kept;
};

export const fixture: Fixture = [
  [
    "without it, what is replaced is gone",
    { example: with_("quarantine", "forget"), given: replaced, want: [false] },
  ],
  ["with it, it is kept aside", { example: with_("forget", "quarantine"), given: replaced, want: [true] }],
];
