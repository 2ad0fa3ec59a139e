import { expect, it } from "vitest";
import { SessionError } from "../../../src/errors.js";
import { conditionally } from "../../../src/stores/shared/conditional-write.js";
import { Connector } from "../../../src/stores/shared/connector.js";
import type { WriteResult } from "../../../src/stores/store.js";

const lost = new Error("lost");
const unsent = new Error("unsent");
const done: WriteResult = { ok: true, version: "2" };
const refused: WriteResult = {
  ok: false,
  current: { payload: Uint8Array.of(1), version: "3", expiresAt: 0 },
};
const gone: WriteResult = { ok: false, current: undefined };
const unclear = expect.objectContaining({ code: "store/unavailable" });

it.each<[string, { given: (WriteResult | boolean | Error)[]; want: unknown }]>([
  ["done at once", { given: [done], want: done }],
  ["refused at once", { given: [refused], want: refused }],
  ["done when it is repeated, or found to be done", { given: [lost, done], want: done }],
  [
    "refused when it is repeated: perhaps by what others wrote over it",
    { given: [lost, refused], want: unclear },
  ],
  ["gone when it is repeated: perhaps with what it wrote", { given: [lost, gone], want: unclear }],
  ["a removal that is repeated", { given: [lost, true], want: true }],
  ["a removal that finds nothing", { given: [unsent, false], want: false }],
  ["a removal that finds nothing when it is repeated", { given: [lost, false], want: unclear }],
  ["refused after attempts that never left", { given: [unsent, unsent, refused], want: refused }],
  ["refused after one of several was lost", { given: [unsent, lost, unsent, refused], want: unclear }],
])("a conditional operation: %s", async (_name, { given, want }) => {
  const attempts = [...given];
  const connector = new Connector({
    kind: "test",
    open: async () => true,
    describe: (error) =>
      error instanceof SessionError ? error : new SessionError("store/locked", "It was not repeated"),
  });
  const attempt = (): WriteResult | boolean => {
    const next = attempts.shift() ?? done;
    if (next instanceof Error) throw next;
    return next;
  };
  const how = conditionally(
    "test",
    (error) => error === lost || error === unsent,
    (error) => error === unsent,
  );
  const result = await connector.run(undefined, attempt, how).catch((error: unknown) => error);
  expect(result).toEqual(want);
  expect(attempts).toEqual([]);
});
