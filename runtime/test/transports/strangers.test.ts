import { describe, expect, it } from "vitest";
import type { SessionsOptions } from "../../src/index.js";
import { cookieStore } from "../../src/transports/carrier.js";
import { cookieHeader, setup, visit } from "../session/support/fixture.js";

const secrets = ["one secret, which both of them were given"] as const;

/** Whom the same secret was given to. */
const strangers: readonly (readonly [string, Partial<SessionsOptions>])[] = [
  ["another application", { application: "another-application-22" }],
  ["another realm of the application", { realm: "staging" }],
  ["another cookie of the application", { cookie: { name: "__Host-admin" } }],
  ["another kind of sessions", { name: "admin" }],
];

/** What a browser holds that was given the cookie under the name that the other one reads. */
const renamed = (header: string, name = "__Host-session"): string =>
  header.replaceAll("__Host-session", name).replaceAll("__Host-admin", name);

describe.each(["sealed", "signed"] as const)("one secret and two with sessions in a %s cookie", (mode) => {
  const sessionsOf = (options: Partial<SessionsOptions> = {}) =>
    setup({ store: cookieStore({ secrets: [...secrets], mode }), ...options }).sessions;

  it.each(strangers)("%s reads nothing of it, nor the other way about", async (_who, options) => {
    const [shop, other] = [sessionsOf(), sessionsOf(options)];
    const cookies = await Promise.all(
      [shop, other].map((own) =>
        visit(own, undefined, (session) => session.$assign({ user: "ada", visits: 7 })),
      ),
    );
    for (const [own, cookie = "", stranger, name] of [
      [shop, cookies[0], other, options.cookie?.name],
      [other, cookies[1], shop, undefined],
    ] as const) {
      const refused: unknown[] = [];
      stranger.on("cookie-refused", (event) => refused.push(event.reason));
      const seen = await stranger.open(renamed(cookie, name));
      expect([seen.$isNew, seen.user, seen.visits]).toEqual([true, undefined, 0]);
      expect(refused).toEqual(["signature"]);
      // It is not taken over either: what begins there has an id of its own.
      const begun = await stranger.open(undefined);
      begun.user = "eve";
      expect(cookieHeader(await begun.$commit())).not.toBe(renamed(cookie, name));
      expect((await own.open(cookie)).user).toBe("ada");
    }
  });

  it("two deploys of one application read each other's", async () => {
    const cookie = await visit(sessionsOf(), undefined, (session) => session.$assign({ user: "ada" }));
    expect((await sessionsOf().open(cookie)).user).toBe("ada");
  });
});
