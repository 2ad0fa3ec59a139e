import { expect, it } from "vitest";
import { config } from "../support/project.js";
import { ada, file, stored } from "../support/stored.js";

it("an index that nothing can fill in is final when somebody says so", async () => {
  const user = await stored(file, { fields: "{}" });
  user.begin(ada);
  const schema = "user: z.object({ id: z.int(), name: z.string() }).optional(), visits: z.int().default(0)";
  const fields = 'fields: { "user.id": { index: true } }';
  user.write({ "session.config.ts": config(schema, `${fields}, backend: ${file.code}`) });
  expect((await user.sessgen()).code).toBe(0);
  const { code, err } = await user.sessgen("verify");
  expect(code).toBe(0);
  expect(err).toMatch(/not filled in.*\[verify\/index-not-final\][\s\S]*migrate --baseline/);
  const ask =
    'result = [await sessions.indexState("user.id"), await sessions.count("user.id", 42).catch(({ code }) => code)];';
  expect(user.app(ask)).toEqual(["open", "session/index-not-final"]);
  expect((await user.sessgen("migrate")).out).toContain("not filled in");
  expect((await user.sessgen("migrate", "--baseline")).out).not.toContain("not filled in");
  expect(user.app(ask)).toEqual(["final", 0]);
  expect(await user.sessgen("verify")).toMatchObject({ code: 0, err: "" });
});
