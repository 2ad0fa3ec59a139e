import { inspect } from "node:util";
import express, { type Express, type Request } from "express";
import { describe, expect, it, vi } from "vitest";
import { emitted, serve } from "./hosts.js";

// What is not as with express-session, on purpose: docs/express-session.md has the table.

/** A session as code without types has it. */
// biome-ignore lint/suspicious/noExplicitAny: middleware written for express-session has no types of ours
type Session = any;
const sessionOf = (request: Request): Session => request.session;

const host = emitted(
  "ours",
  "user: z.string().optional(), token: z.string().optional(), count: z.int().default(0), extra: z.record(z.string(), z.unknown()).default({})",
  '{ name: "express", compat: "express-session", bag: "extra" }',
  'cookie: { secure: "auto" }, fields: { token: { redact: true }, count: { merge: "counter" } }',
);

const routes = (app: Express): void => {
  app.get("/login", (request, response) => {
    Object.assign(request.session, { user: "ada", token: "t", whatever: 1 });
    response.json(request.session);
  });
  app.get("/inspect", (request, response) => {
    response.json([inspect(request.session), inspect({ session: request.session })]);
  });
  app.get("/count", (request, response) => {
    sessionOf(request).count += 1;
    response.json({});
  });
  app.get("/look", (request, response) => response.json(sessionOf(request).count));
  app.get("/logout", (request, response, next) => {
    sessionOf(request).destroy((error: unknown) => (error ? next(error) : response.json({})));
  });
};

describe("a session of ours", () => {
  it("as JSON, and inspected: without its cookie, and what is redacted", async () => {
    const one = (await serve(host, routes)).browser();
    expect((await one("/login")).json).toEqual({ user: "ada", count: 0, whatever: 1 });
    for (const text of (await one("/inspect")).json as string[]) {
      expect(text).toContain("Session {");
      expect(text).toContain("'ada'");
      expect(text).not.toContain("cookie");
      expect(text).not.toContain("'t'");
    }
  });

  it("that is destroyed: the browser forgets its cookie", async () => {
    const one = (await serve(host, routes)).browser();
    await one("/login");
    expect(await one.cookie()).toContain("session=");
    await one("/logout");
    expect(await one.cookie()).toBe("");
  });

  it("is merged, field by field, when requests change it at once", async () => {
    const one = (await serve(host, routes)).browser();
    await one("/login");
    await Promise.all(Array.from({ length: 10 }, () => one("/count")));
    expect((await one("/look")).json).toBe(10);
  });

  it("that was replaced: changing it is reported, once, and saving it calls back with an error", async () => {
    const reported = vi.spyOn(console, "error").mockImplementation(() => {});
    const one = (
      await serve(host, (app) => {
        app.get("/", (request, response) => {
          const before = sessionOf(request);
          before.regenerate(() => {
            before.user = "lost";
            before.whatever = "lost";
            before.save((error: unknown) => response.json([error, sessionOf(request).user ?? null]));
          });
        });
      })
    ).browser();
    expect((await one("/")).json).toEqual([
      expect.objectContaining({ code: "session/replaced", status: 500 }),
      null,
    ]);
    expect(reported.mock.calls).toEqual([[expect.objectContaining({ code: "session/replaced" })]]);
    reported.mockRestore();
  });

  it("may begin anew where the id that came is over: a second login is one, too, also at once", async () => {
    const { browser, errors } = await serve(host, (app) => {
      routes(app);
      app.use(express.urlencoded());
      app.post("/enter", (request, response, next) => {
        sessionOf(request).regenerate((error: unknown) => {
          if (error) return next(error);
          sessionOf(request).user = "grace";
          sessionOf(request).save((failed: unknown) => (failed ? next(failed) : response.json("in")));
        });
      });
      app.get("/who", (request, response) => response.json(sessionOf(request).user ?? null));
    });
    const one = browser();
    await one("/login");
    const stale = await one.cookie();
    expect((await one("/enter", { method: "POST" })).json).toBe("in");
    const other = browser();
    await other.jar.setCookie(stale, "http://127.0.0.1/");
    expect((await other("/enter", { method: "POST" })).json).toBe("in");
    expect([(await one("/who")).json, (await other("/who")).json]).toEqual(["grace", "grace"]);
    const twice = [browser(), browser()];
    const cookie = await one.cookie();
    for (const { jar } of twice) await jar.setCookie(cookie, "http://127.0.0.1/");
    const entered = await Promise.all(twice.map((go) => go("/enter", { method: "POST" })));
    expect(entered.map(({ json }) => json)).toEqual(["in", "in"]);
    expect(errors).toEqual([]);
  });
});
