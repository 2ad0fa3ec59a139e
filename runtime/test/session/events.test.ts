import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { inspect } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { cookieHeader, setup, visit } from "./fixture.js";

/** Everything published on these channels until the test ends. */
function watch(...names: string[]): [string, unknown][] {
  const seen: [string, unknown][] = [];
  for (const name of names) {
    const listener = (event: unknown): void => void seen.push([name, event]);
    subscribe(`sessgen:${name}`, listener);
    onTestFinished(() => void unsubscribe(`sessgen:${name}`, listener));
  }
  return seen;
}

it("every event is published on its channel, with durations and without a secret", async () => {
  const seen = watch(
    "opened",
    "committed",
    "created",
    "conflict",
    "regenerated",
    "destroyed",
    "cookie-refused",
  );
  const { sessions } = setup();
  const cookie = await visit(sessions, undefined, (session) => {
    session.visits = 1;
    session.secret = "s3cret";
  });
  const [one, two] = [await sessions.open(cookie), await sessions.open(cookie)];
  one.visits += 1;
  two.visits += 1;
  await one.$commit();
  await two.$commit();
  await two.$commit();
  await two.$regenerate();
  const moved = cookieHeader(await two.$commit());
  const last = await sessions.open(moved);
  await last.$destroy();
  await last.$commit();
  await sessions.open("__Host-session=forged");
  const duration = expect.any(Number);
  const [opened, saved] = [
    (found: boolean) => ["opened", { found, duration }],
    (outcome: string) => ["committed", { outcome, duration }],
  ];
  expect(seen).toEqual([
    opened(false),
    ["created", { permanent: false }],
    saved("created"),
    opened(true),
    opened(true),
    saved("updated"),
    ["conflict", { attempt: 1, fields: ["visits"] }],
    saved("updated"),
    saved("nothing"),
    ["regenerated", { reason: "asked" }],
    saved("regenerated"),
    opened(true),
    ["destroyed", {}],
    saved("cookie-cleared"),
    ["cookie-refused", { reason: "malformed" }],
    opened(false),
  ]);
  const text = inspect(seen, { depth: 9 });
  for (const secret of ["s3cret", "forged", cookie.split("=")[1] ?? "", moved.split("=")[1] ?? ""])
    expect(text).not.toContain(secret);
});
