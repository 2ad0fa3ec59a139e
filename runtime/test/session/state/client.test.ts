import { expect, it } from "vitest";
import type { SessionDefinition } from "../../../src/index.js";
import { fields, setup, visit } from "../support/fixture.js";

it("$client() gives what may be sent to the browser, and nothing else", async () => {
  const shown: SessionDefinition = fields.map((field) =>
    ["visits", "notice", "user"].includes(field.name) ? { ...field, client: true } : field,
  );
  const { sessions, store } = setup();
  const cookie = await visit(sessions, undefined, (session) => {
    session.visits = 2;
    session.notice = "Welcome";
    session.secret = "s3cret";
    session.cart.push({ sku: "tea", quantity: 1 });
  });
  const later = setup({ store, fields: shown });
  const session = await later.sessions.open(cookie);
  expect(session.$client()).toEqual({ visits: 2, notice: "Welcome" });
  // Nothing counts as shown, or as accessed.
  expect([session.$accessed, await session.$commit()]).toEqual([false, []]);
  expect((await later.sessions.open(cookie)).$client()).toEqual({ visits: 2, notice: "Welcome" });
});
