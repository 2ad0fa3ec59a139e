import { createHash, randomBytes } from "node:crypto";
import express, { type Express, type RequestHandler } from "express";
import { Authenticator } from "passport";
import { Strategy as LocalStrategy } from "passport-local";
import OAuth2Strategy from "passport-oauth2";
import { describe, expect, it } from "vitest";
import { form, type Served, serve, sessionHosts, untilEnd } from "./hosts.js";

// passport 0.7 over express-session and over ours.

/** An application where users log in by passport. */
function withPassport(app: Express, options: { readonly keepSessionInfo?: boolean } = {}) {
  const passport = new Authenticator();
  passport.serializeUser((user, done) => done(null, (user as { id: string }).id));
  passport.deserializeUser((id, done) => done(null, { id }));
  passport.use(
    new LocalStrategy((username, password, done) =>
      done(null, password === "right" ? { id: username } : false),
    ),
  );
  app.use(passport.initialize(), passport.session(), express.urlencoded());
  const logout: RequestHandler = (request, response, next) => {
    request.logout(options, (error) => (error ? next(error) : response.redirect("/")));
  };
  app.post(
    "/login",
    passport.authenticate("local", { ...options, successRedirect: "/", failureRedirect: "/login" }),
  );
  app.all("/logout", logout);
  app.get("/items", (request, response) => {
    Object.assign(request.session, { items: ["tea"] });
    response.json({});
  });
  app.get("/", (request, response) => {
    const session = request.session as unknown as Record<string, unknown>;
    response.json({
      user: request.user ?? null,
      in: request.isAuthenticated(),
      items: session["items"] ?? null,
    });
  });
  return passport;
}

const nobody = { user: null, in: false, items: null };
const ada = { user: { id: "ada" }, in: true, items: null };
const login = form({ username: "ada", password: "right" });

describe.each(sessionHosts())("passport over $name", (host) => {
  it("logs in under a new id, and out", async () => {
    const { browser, steal, errors } = await serve(host, (app) => void withPassport(app));
    const one = browser();
    expect((await one("/")).json).toEqual(nobody);
    await one("/items");
    const anonymous = await one.cookie();
    const response = await one("/login", login);
    expect([response.status, response.headers.get("location")]).toEqual([302, "/"]);
    const known = await one.cookie();
    expect(known).not.toBe(anonymous);
    expect((await one("/")).json).toEqual(ada);
    // A session that somebody planted is not logged in with its victim.
    expect(await steal(anonymous, "/")).toMatchObject({ in: false });
    expect(await steal(known, "/")).toEqual(ada);
    expect((await one("/logout")).status).toBe(302);
    expect((await one("/")).json).toEqual(nobody);
    expect(await steal(known, "/")).toEqual(nobody);
    expect(errors).toEqual([]);
  });

  it("logs nobody in with a wrong password", async () => {
    const { browser } = await serve(host, (app) => void withPassport(app));
    const one = browser();
    const response = await one("/login", form({ username: "ada", password: "wrong" }));
    expect(response.headers.get("location")).toBe("/login");
    expect((await one("/")).json).toEqual(nobody);
  });

  it("forgets at login what was in the session; with keepSessionInfo it keeps it, and nothing of the user", async () => {
    const forgetful = (await serve(host, (app) => void withPassport(app))).browser();
    await forgetful("/items");
    await forgetful("/login", login);
    expect((await forgetful("/")).json).toEqual(ada);

    const served = await serve(host, (app) => void withPassport(app, { keepSessionInfo: true }));
    const keeping = served.browser();
    await keeping("/items");
    await keeping("/login", login);
    expect((await keeping("/")).json).toEqual({ ...ada, items: ["tea"] });
    const known = await keeping.cookie();
    await keeping("/logout");
    expect((await keeping("/")).json).toEqual({ ...nobody, items: ["tea"] });
    expect(await served.steal(known, "/")).toMatchObject({ in: false });
  });

  it("changes users: nothing of the one before is left", async () => {
    const { browser } = await serve(host, (app) => void withPassport(app));
    const one = browser();
    await one("/login", login);
    await one("/items");
    await one("/login", form({ username: "grace", password: "right" }));
    expect((await one("/")).json).toEqual({ user: { id: "grace" }, in: true, items: null });
  });

  it("logs in and out many at a time, each for themselves", async () => {
    const { browser, errors } = await serve(host, (app) => void withPassport(app));
    const users = Array.from({ length: 8 }, (_, index) => ({ id: `user-${index}`, go: browser() }));
    await Promise.all(users.map(({ id, go }) => go("/login", form({ username: id, password: "right" }))));
    const seen = await Promise.all(users.map(async ({ go }) => (await go("/")).json));
    expect(seen).toEqual(users.map(({ id }) => ({ user: { id }, in: true, items: null })));
    await Promise.all(users.map(({ go }) => go("/logout")));
    expect(await Promise.all(users.map(async ({ go }) => (await go("/")).json))).toEqual(
      users.map(() => nobody),
    );
    expect(errors).toEqual([]);
  });

  it("logs in by OAuth 2, with state and PKCE kept in the session", async () => {
    const provider = await oauthServer();
    const served = await serve(host, (app) => {
      const passport = withPassport(app);
      const strategy = new OAuth2Strategy(
        {
          authorizationURL: `${provider}/authorize`,
          tokenURL: `${provider}/token`,
          clientID: "shop",
          clientSecret: "the shop's",
          callbackURL: "/callback",
          state: true,
          pkce: true,
        },
        (token: string, _refresh: string, _profile: unknown, done: (error: null, user: object) => void) =>
          done(null, { id: `of ${token}` }),
      );
      passport.use(strategy as never);
      app.get("/oauth", passport.authenticate("oauth2"));
      app.get("/callback", passport.authenticate("oauth2", { successRedirect: "/", failureRedirect: "/no" }));
    });
    const one = served.browser();
    const back = await authorized(served, one);
    const done = await one(back);
    expect(done.headers.get("location")).toBe("/");
    expect((await one("/")).json).toEqual({ user: { id: "of token of ada" }, in: true, items: null });
    // The same answer once more, and one that was made for somebody else.
    expect((await one(back)).headers.get("location")).toBe("/no");
    expect((await served.browser()(back)).headers.get("location")).toBe("/no");
  });
});

/** Goes to the provider and back; gives the path that the user comes back to. */
async function authorized({ origin }: Served, one: ReturnType<Served["browser"]>): Promise<string> {
  const away = await one("/oauth");
  const there = await fetch(away.headers.get("location") ?? "", { redirect: "manual" });
  const back = new URL(there.headers.get("location") ?? "");
  expect(back.origin).toBe(origin);
  return back.pathname + back.search;
}

/** A small server of OAuth 2: everybody is Ada, codes count once, and PKCE is checked. */
async function oauthServer(): Promise<string> {
  const challenges = new Map<string, string>();
  const app = express();
  app.get("/authorize", ({ query }, response) => {
    const code = randomBytes(9).toString("base64url");
    challenges.set(code, String(query["code_challenge"]));
    const back = new URL(String(query["redirect_uri"]));
    back.searchParams.set("code", code);
    back.searchParams.set("state", String(query["state"]));
    response.redirect(back.href);
  });
  app.post("/token", express.urlencoded(), ({ body }, response) => {
    const challenge = challenges.get(body.code);
    challenges.delete(body.code);
    const proof = createHash("sha256").update(String(body.code_verifier)).digest("base64url");
    if (challenge === proof) response.json({ access_token: "token of ada", token_type: "Bearer" });
    else response.status(400).json({ error: "invalid_grant" });
  });
  return (await untilEnd(app)).origin;
}
