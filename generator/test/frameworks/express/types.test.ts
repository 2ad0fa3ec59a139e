import { describe, expect, it } from "vitest";
import { compile, tsconfig } from "../../support/compiled.js";
import { config, type Project, project } from "../../support/project.js";

const schema =
  "user: z.object({ id: z.string() }).optional(), visits: z.int().default(0), extra: z.record(z.string(), z.unknown()).default({})";
const withTheirs =
  '{ "name": "user", "type": "module", "devDependencies": { "@types/express-session": "*" } }\n';

/** What applications of express-session have. */
const legacy = `import expressSession from "express-session";
import { Router } from "express";

declare module "express-session" {
  interface SessionData {
    returnTo: string;
  }
}

export const legacy: Router = Router();
legacy.use(expressSession({ secret: "s", resave: false, saveUninitialized: false }));
legacy.get("/", (request, response) => {
  request.session.returnTo = request.sessionID;
  request.session.cookie.maxAge = 1;
  request.session.save((error) => response.json(error ?? request.session.returnTo));
});
`;

/** What ours has in every case. */
const ours = `import express, { type Express } from "express";
import { session } from "./session/express.js";
import type { Session } from "./session/session.js";

export const app: Express = express();
app.use(session({ skip: ({ path }) => path === "/health" }));
app.get("/", async (request, response) => {
  request.session.visits += 1;
  const name: string | undefined = request.session.user?.id;
  // @ts-expect-error a number
  request.session.visits = "many";
  await request.session.$regenerate();
  const whole: Session = request.session;
  response.json([name, whole.$isNew]);
});
`;

const compat = `import { app } from "./app.js";

app.get("/compat", (request, response) => {
  const { id, cookie } = request.session;
  cookie.maxAge = 60_000;
  request.session.touch().regenerate((error) => {
    request.session.save(() => request.session.reload(() => response.json([error, id, cookie.originalMaxAge])));
  });
  request.sessionStore.generate(request);
  const sid: string = request.sessionID;
  response.json(sid);
});
`;

async function emitted(glue: string, files: Readonly<Record<string, string>>): Promise<Project> {
  const user = project({
    "session.config.ts": config(schema, `backend: { kind: "memory" }, frameworks: [${glue}]`),
    "tsconfig.json": tsconfig,
    "src/app.ts": ours,
    ...files,
  });
  expect(await user.run("--no-cache")).toMatchObject({ code: 0, err: "" });
  return user;
}

const withCompat = '{ name: "express", compat: "express-session", bag: "extra" }';

describe("the types of the Express glue", () => {
  it.each<[string, { given: [glue: string, files: Record<string, string>] }]>([
    ["by itself", { given: ['"express"', {}] }],
    ["with an entry without options", { given: ['{ name: "express" }', {}] }],
    ["with compat", { given: [withCompat, { "src/compat.ts": compat }] }],
    [
      "beside express-session's, during a migration",
      { given: ['"express"', { "package.json": withTheirs, "src/legacy.ts": legacy }] },
    ],
    [
      "with compat, beside express-session's",
      {
        given: [withCompat, { "package.json": withTheirs, "src/legacy.ts": legacy, "src/compat.ts": compat }],
      },
    ],
  ])("compile %s", async (_name, { given: [glue, files] }) => {
    expect(compile(await emitted(glue, files))).toEqual([]);
  });

  it("refuse express-session's methods where there is no compat", async () => {
    const user = await emitted('"express"', { "src/compat.ts": compat });
    expect(compile(user).join("\n")).toContain("Property 'cookie' does not exist");
  });

  it("refuse a bag that is none, whoever edits the glue", async () => {
    const user = await emitted(withCompat, {});
    user.write({
      "src/session/express.ts": user.read("src/session/express.ts").replace('"extra"', '"visits"'),
    });
    expect(compile(user)).toEqual([expect.stringContaining("src/session/express.ts")]);
  });
});

describe("options of the Express glue", () => {
  it.each<[string, { given: [schema: string, glue: string]; want: object }]>([
    [
      "a compat with something else",
      {
        given: [schema, '{ name: "express", compat: "cookie-session" }'],
        want: { code: "config/invalid-option", where: { path: "frameworks.0.compat" } },
      },
    ],
    [
      "a bag without compat",
      {
        given: [schema, '{ name: "express", bag: "extra" }'],
        want: { code: "config/invalid-option", where: { path: "frameworks.0.bag" } },
      },
    ],
    [
      "a misspelt option",
      {
        given: [schema, '{ name: "express", compatt: "express-session" }'],
        want: { code: "config/unknown-option", where: { path: "frameworks.0.compatt" } },
      },
    ],
    [
      "a framework that there is not",
      {
        given: [schema, '"expresso"'],
        want: { code: "config/invalid-option", where: { path: "frameworks.0" } },
      },
    ],
    [
      "options of a framework that there is not",
      {
        given: [schema, '{ name: "expresso" }'],
        want: { code: "config/invalid-option", where: { path: "frameworks.0.name" } },
      },
    ],
    [
      "a bag that the schema does not have",
      {
        given: ["visits: z.int().default(0)", withCompat],
        want: { code: "model/unfit-for-framework", fix: expect.stringContaining("extra: z.record(") },
      },
    ],
    [
      "a bag that does not take everything",
      {
        given: ["extra: z.record(z.string(), z.string()).default({})", withCompat],
        want: { code: "model/unfit-for-framework", where: { path: "schema.extra" } },
      },
    ],
    [
      "a field with the name of a member",
      {
        given: ["cookie: z.string().optional()", '{ name: "express", compat: "express-session" }'],
        want: { code: "model/unfit-for-framework", where: { path: "schema.cookie" } },
      },
    ],
  ])("%s is refused", async (_name, { given: [fields, glue], want }) => {
    const user = project({
      "session.config.ts": config(fields, `backend: { kind: "memory" }, frameworks: [${glue}]`),
    });
    const run = await user.run("--json");
    expect(JSON.parse(run.out).problems).toMatchObject([want]);
    expect(run.code).toBe(3);
  });
});
