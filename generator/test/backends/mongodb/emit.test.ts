import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mongodbStore } from "@sessgen/runtime/stores/mongodb";
import { foundKeys } from "@sessgen/runtime/testing";
import { type Db, type Document, MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { has } from "../../../../services/machine.js";
import { mongodb } from "../../../../services/mongodb.js";
import { npmPackages } from "../../../../services/tools.js";
import { importModule } from "../../../src/config/import.js";
import { config, type Project, project } from "../../support/project.js";

const schema = "user: z.object({ id: z.string() }).optional(), tenant: z.string().optional()";
const fields = `fields: { "user.id": { index: true }, tenant: { index: "hashed" } }`;
const files = ["setup.mongosh.js", "setup.ts"];
const odd = 'web "sessions" `\'.ä€😀';

/** Options that change what is emitted, and names that the languages have to quote. */
const cases: [string, string][] = [
  ["plain", `backend: { kind: "mongodb", url: "mongodb://me@example.com/web" }`],
  [
    "environment",
    `${fields}, backend: { kind: "mongodb", url: env("MONGODB_URL"), database: env("DB_NAME"), collection: env("COLLECTION") }`,
  ],
  [
    "named",
    `${fields}, backend: { kind: "mongodb", url: env("MONGODB_URL"), database: "sessgen_emitted_named", collection: ${JSON.stringify(odd)} }`,
  ],
];

async function emitted(options: string): Promise<Project> {
  const user = project({ "session.config.ts": config(schema, options) });
  expect(await user.run()).toMatchObject({ code: 0, err: "" });
  return user;
}

const path = (user: Project, file: string) => join(user.root, "session-infra/mongodb", file);

describe("the infrastructure of MongoDB", () => {
  it.each(cases)("is what was reviewed: %s", async (name, options) => {
    const user = await emitted(options);
    for (const file of files) {
      const text = user.read(`session-infra/mongodb/${file}`);
      expect(text).not.toContain("secret");
      await expect(text).toMatchFileSnapshot(`__snapshots__/${name}/${file}.txt`);
    }
  });

  it("is one folder per backend where they differ", async () => {
    const user = await emitted(
      `backend: { development: { kind: "mongodb", url: "mongodb://127.0.0.1" }, production: { kind: "mongodb", url: env("MONGODB_URL"), collection: "s" } }`,
    );
    for (const environment of ["development", "production"])
      expect(user.read(`session-infra/mongodb/${environment}/setup.ts`)).toContain("setupSessions");
  });

  it.each(["typescript-5.9", "typescript"])("is TypeScript to which %s has no word to say", async (name) => {
    const flags = [
      ...["strict", "exactOptionalPropertyTypes", "noUncheckedIndexedAccess", "noUnusedLocals"],
      ...[
        "noPropertyAccessFromIndexSignature",
        "verbatimModuleSyntax",
        "isolatedDeclarations",
        "declaration",
      ],
      ...["noUnusedParameters", "noImplicitReturns", "noEmit", "skipLibCheck"],
    ];
    const compiler = fileURLToPath(new URL(`../../../../node_modules/${name}/bin/tsc`, import.meta.url));
    for (const [, options] of cases) {
      const user = await emitted(options);
      const file = "session-infra/mongodb/setup.ts";
      user.write({ [file]: user.read(file).replace(/^\/\/ @ts-nocheck.*\n/m, "") });
      const compilerOptions = {
        ...Object.fromEntries(flags.map((flag) => [flag, true])),
        ...{ target: "es2022", lib: ["es2023"], module: "nodenext", types: ["node"] },
      };
      user.write({
        "tsconfig.json": JSON.stringify({ compilerOptions, include: ["session-infra/**/*.ts"] }),
      });
      execFileSync(process.execPath, [compiler, "-p", user.root, "--pretty", "false"], { stdio: "pipe" });
    }
  });
});

const url = await serviceUrl("mongodb");
const isFerretdb = url !== "" && (await mongodb.probe(url)).startsWith("FerretDB");

describe.skipIf(url === "")("the collection of the sessions", () => {
  let client: MongoClient;
  beforeAll(() => {
    client = new MongoClient(url);
  });
  afterAll(() => client.close());

  function database(name: string): Db {
    const db = client.db(name);
    onTestFinished(async () => {
      await db.dropDatabase();
      if (!isFerretdb) await db.command({ dropAllRolesFromDatabase: 1 });
    });
    return db;
  }

  /** Where the setup of a case puts the collection, and the environment that it takes. */
  function place(name: string, how: string) {
    const environment = { DB_NAME: `sessgen_emitted_${how}_${process.pid}`, COLLECTION: "web.sessions" };
    const db = database(name === "named" ? "sessgen_emitted_named" : environment.DB_NAME);
    const collection = { plain: "sessions", environment: environment.COLLECTION, named: odd }[name] ?? "";
    return { environment, db, collection, indexed: name !== "plain" };
  }

  async function proves(db: Db, collection: string, indexed: boolean): Promise<void> {
    const store = mongodbStore({ client, database: db.databaseName, collection });
    const expiresAt = Date.now() + 60_000;
    const index = indexed ? { user_id: "u", tenant: null } : {};
    expect(await store.write("a", Uint8Array.of(1), { expect: "absent", expiresAt, index })).toMatchObject({
      ok: true,
    });
    // Empty payloads and values of other indexes, as an older or newer deploy has them, are sessions, too.
    const other = { user_id: "", former: "x" };
    for (const expect_ of ["any", "any"] as const)
      await store.write("b", new Uint8Array(), { expect: expect_, expiresAt, index: other });
    expect(await store.touch("a", expiresAt + 1)).toBe("touched");
    const read = await store.read("a");
    expect(read?.payload).toEqual(Buffer.of(1));
    await store.write("a", Uint8Array.of(2), { expect: read?.version ?? "", expiresAt, index });
    if (indexed) {
      expect(await foundKeys(store, "user_id", "u")).toEqual(["a"]);
    }
    expect(await store.remove("a")).toBe(true);
    await store.close();

    const documents = db.collection(collection);
    const session = { _id: "c", payload: Buffer.of(1), version: "1", expiresAt: new Date(expiresAt) };
    const foreign = [
      { _id: "c", hello: "world" },
      { ...session, _id: 1 },
      { ...session, payload: "text" },
      { ...session, version: 1 },
      { ...session, expiresAt },
      ...(indexed
        ? [
            { ...session, by_user_id: 7 },
            { ...session, by_tenant: null },
          ]
        : []),
    ];
    for (const document of foreign)
      await expect(documents.insertOne(document as Document), JSON.stringify(document)).rejects.toThrow(
        /failed validation/,
      );
    await documents.insertOne(session as Document);
    const indexes = await documents.indexes();
    expect(
      indexes.map(({ name, key, expireAfterSeconds, sparse }) => [name, key, expireAfterSeconds, sparse]),
    ).toEqual([
      ["_id_", { _id: 1 }, undefined, undefined],
      ["expiresAt_1", { expiresAt: 1 }, 0, undefined],
      ...(indexed
        ? [
            ["by_user_id", { by_user_id: 1 }, undefined, true],
            ["by_tenant", { by_tenant: 1 }, undefined, true],
          ]
        : []),
    ]);
    await documents.drop();
  }

  it.each(cases)("is made by the module: %s", async (name, options) => {
    const user = await emitted(options);
    const { environment, db, collection, indexed } = place(name, "module");
    Object.assign(process.env, environment);
    onTestFinished(() => {
      for (const variable of Object.keys(environment)) delete process.env[variable];
    });
    const module = await importModule(path(user, "setup.ts"), { files: new Set(), env: new Set() });
    const setupSessions = module["setupSessions"] as (given: Db) => Promise<void>;
    await Promise.all([setupSessions(db), setupSessions(db), setupSessions(db)]);
    await setupSessions(db);
    await proves(db, collection, indexed);
  });

  it.each(cases)(
    "is made by mongosh: %s",
    async (name, options) => {
      const user = await emitted(options);
      const { environment, db, collection, indexed } = place(name, "mongosh");
      const address = new URL(url);
      if (name === "plain") address.pathname = `/${environment.DB_NAME}`;
      if (address.username !== "") address.searchParams.set("authSource", "admin");
      for (let run = 1; run <= 2; run += 1) {
        const { said } = mongosh(user, [address.href, path(user, "setup.mongosh.js")], environment);
        if (isFerretdb) expect(said).toContain("takes no roles from here");
        else {
          const { roles } = await db.command({ rolesInfo: `sessgen-${collection}`, showPrivileges: true });
          const resource = { db: db.databaseName, collection };
          expect(roles[0].privileges).toEqual([
            { resource, actions: ["find", "insert", "remove", "update"] },
          ]);
        }
      }
      await proves(db, collection, indexed);
    },
    240_000,
  );

  it("is not made by mongosh when a name is missing in the environment", async () => {
    const user = await emitted(cases[1]?.[1] ?? "");
    const { code, said } = mongosh(user, [url, path(user, "setup.mongosh.js")], {
      DB_NAME: "sessgen_emitted_named",
    });
    expect(code).not.toBe(0);
    expect(said).toContain("Set COLLECTION to the name of the collection");
  });
});

/** Runs mongosh: that of the machine, or its package. */
function mongosh(
  user: Project,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): { readonly code: number; readonly said: string } {
  const program = has("mongosh")
    ? "mongosh"
    : join(npmPackages("mongosh-2.12", "mongosh@2.12.0"), "node_modules/.bin/mongosh");
  // A home of its own: it keeps logs there, and asks there whether it may report to its maker.
  const home = join(user.root, "home");
  mkdirSync(join(home, ".mongodb/mongosh"), { recursive: true });
  writeFileSync(join(home, ".mongodb/mongosh/config"), '{ "enableTelemetry": false }');
  const env = { PATH: process.env["PATH"], HOME: home, ...environment };
  try {
    return {
      code: 0,
      said: execFileSync(program, ["--quiet", ...args], { encoding: "utf8", env, stdio: "pipe" }),
    };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
    return { code: status, said: stdout + stderr };
  }
}
