/** @module-tag slow */
import { readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import express, { type Express, type RequestHandler } from "express";
import expressSession, { type Store } from "express-session";
import { describe, expect, it } from "vitest";
import { compile, tsconfig } from "../generator/test/support/compiled.js";
import { lockText, type Project, project } from "../generator/test/support/project.js";
import { form, listen } from "./express-session/hosts.js";

const page = readFileSync(fileURLToPath(new URL("../docs/express-session.md", import.meta.url)), "utf8");

/** The files of the page: their paths stand behind the language. */
const files = Object.fromEntries(
  [...page.matchAll(/^```ts (\S+)\n([\s\S]*?)^```$/gm)].map(([, path = "", text = ""]) => [path, text]),
);

async function emitted(): Promise<Project> {
  const user = project({ "sessgen.lock.json": lockText, "tsconfig.json": tsconfig, ...files });
  expect(await user.run("--no-cache")).toMatchObject({ code: 0, err: "" });
  return user;
}

describe("docs/express-session.md", () => {
  it("shows what compiles", async () => {
    const user = await emitted();
    // The page's own application declares no types of cookie-signature.
    expect(compile(user).filter((line) => !line.includes("cookie-signature"))).toEqual([]);
  });

  it("shows an application where users log in, and out", async () => {
    const user = await emitted();
    const { app }: { app: Express } = await import(pathToFileURL(`${user.root}/src/app.ts`).href);
    const { browser, errors } = await listen(app);
    const one = browser();
    await one("/cart", form({}));
    expect((await one("/")).json).toEqual({ cart: ["tea"], messages: ["There is tea in your cart"] });
    await one("/login", form({ username: "ada", password: "right" }));
    expect((await one("/")).json).toEqual({ user: "ada", cart: [], messages: [] });
    await one("/logout", form({}));
    expect((await one("/")).json).toEqual({ cart: [], messages: [] });
    expect(errors).toEqual([]);
  });

  it("shows how stored sessions are taken over", async () => {
    const user = await emitted();
    const old = new expressSession.MemoryStore();
    const secret = "a secret of these tests alone";
    const before = express();
    before.use(expressSession({ store: old, secret, resave: false, saveUninitialized: false }));
    before.get("/", (request, response) => {
      Object.assign(request.session, { passport: { user: "ada" }, cart: ["tea"], wizard: { step: 2 } });
      response.json({});
    });
    const { session }: { session: () => RequestHandler } = await import(
      pathToFileURL(`${user.root}/src/session/express.ts`).href
    );
    const { takeOver }: { takeOver: (store: Store, secret: string) => RequestHandler } = await import(
      pathToFileURL(`${user.root}/src/take-over.ts`).href
    );
    const after = express();
    after.use(session(), takeOver(old, secret));
    after.get("/", (request, response) => {
      const { passport, cart, wizard } = request.session as unknown as Record<string, unknown>;
      response.json({ passport, cart, wizard });
    });
    const [first, second] = [await listen(before), await listen(after)];
    const one = first.browser();
    await one("/");
    expect(await one.cookie()).toContain("connect.sid=");
    const later = second.browser(one.jar);
    const kept = { passport: { user: "ada" }, cart: ["tea"], wizard: { step: 2 } };
    expect((await later("/")).json).toEqual(kept);
    expect(await later.cookie()).toMatch(/^session=[\w-]+$/);
    expect((await later("/")).json).toEqual(kept);
    expect(Reflect.get(old, "sessions")).toEqual({});
    // Signed with another secret, it is nobody's.
    const forged = await second.steal("connect.sid=s%3Aanything.AAAA", "/");
    expect(forged).toEqual({ cart: [] });
  });
});
