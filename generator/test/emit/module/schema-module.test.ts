import { rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import type { SessionBase, Sessions } from "@sessgen/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { z as z3 } from "zod-3";
import { catalog } from "../../../src/cli/catalog.js";
import { emitModule } from "../../../src/emit/module/index.js";
import { applyLock } from "../../../src/lock/apply.js";
import { newLock } from "../../../src/lock/lock.js";
import { buildModel, configOf } from "../../model/config.js";
import { application } from "../../support/project.js";
import { makeFolder } from "./emitted.js";

/** The schema, as the text of a module, and what Zod it is made with. */
const text = `z.object({
  name: z.string().trim().min(2),
  age: z.coerce.number().default(7),
  list: z.array(z.string().default("a")).default([]),
  even: z.number().refine((value) => value % 2 === 0).optional(),
  when: z.date().default(() => new Date()),
  email: z.string().email().optional(),
  backup: z.string().email().optional(),
}).refine((session) => session.email === undefined || session.email !== session.backup)`;

interface Own extends SessionBase {
  name: string;
  age: number;
  list: string[];
  even: number | undefined;
  when: Date;
  email: string | undefined;
  backup: string | undefined;
}

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function sessionsOf(zod: "zod" | "zod-3", wrap: (schema: string) => string): Promise<Sessions<Own>> {
  const folder = await makeFolder("schema-module");
  folders.push(folder);
  await writeFile(
    `${folder}/schema.ts`,
    `import { z } from "${zod}";\nexport const schema = ${wrap(text)};\n`,
  );
  const schema: unknown = new Function("z", `return ${wrap(text)}`)(zod === "zod" ? z : z3);
  const config = configOf(schema, {
    root: folder,
    file: `${folder}/session.config.ts`,
    output: "session",
    schemaModule: "./schema.ts",
  });
  const { model, warnings } = await buildModel(config);
  expect(warnings).toEqual([]);
  const { lock } = applyLock(model, newLock(application));
  for (const { path, content } of await emitModule(config, model, lock, catalog)) {
    // The module stands beside its schema here.
    await writeFile(`${folder}/${basename(path)}`, content.replaceAll("../schema", "./schema"));
  }
  const { sessions }: { sessions: Sessions<Own> } = await import(`${folder}/index.ts`);
  return sessions;
}

describe.each<[string, { given: () => Promise<Sessions<Own>> }]>([
  ["Zod 4", { given: () => sessionsOf("zod", (schema) => schema) }],
  ["Zod 4, readonly", { given: () => sessionsOf("zod", (schema) => `${schema}.readonly()`) }],
  ["Zod 3", { given: () => sessionsOf("zod-3", (schema) => schema) }],
  ["Zod 3, lazy", { given: () => sessionsOf("zod-3", (schema) => `z.lazy(() => ${schema})`) }],
])("with a module of the schema, %s", (_name, { given }) => {
  let sessions: Sessions<Own>;
  beforeAll(async () => {
    sessions = await given();
  });

  /** A session that has all it must have, with a cookie that leads to it. */
  async function stored(): Promise<string> {
    const session = await sessions.open(undefined);
    session.name = " Ada ";
    const [cookie = ""] = await session.$commit();
    return cookie.split(";")[0] ?? "";
  }

  it("a value is stored as the schema changes it", async () => {
    expect((await sessions.open(await stored())).name).toBe("Ada");
    const session = await sessions.open(undefined);
    session.$assign({ name: " Bob ", age: "8", list: [undefined] } as never);
    expect([session.name, session.age, session.list]).toEqual(["Bob", 8, ["a"]]);
  });

  it("a value that is changed in place is stored so, too", async () => {
    const cookie = await stored();
    const session = await sessions.open(cookie);
    session.list.push(undefined as never);
    await session.$commit();
    expect((await sessions.open(cookie)).list).toEqual(["a"]);
  });

  it("what the schema refuses is refused", async () => {
    const session = await sessions.open(undefined);
    expect(() => {
      session.name = " a ";
    }).toThrow("session.name must be");
    expect(() => {
      session.even = 3;
    }).toThrow("session.even must be what its refinements allow");
    session.even = 4;
    expect(session.even).toBe(4);
  });

  it("a default is asked for when it is needed", async () => {
    const before = Date.now();
    const { when } = await sessions.open(undefined);
    expect(when.getTime()).toBeGreaterThanOrEqual(before);
    expect(when.getTime()).toBeLessThanOrEqual(Date.now());
  });

  it("the schema judges the whole before it is saved", async () => {
    const cookie = await stored();
    const session = await sessions.open(cookie);
    session.email = "a@b.co";
    session.backup = "a@b.co";
    await expect(session.$commit()).rejects.toMatchObject({ code: "field/invalid" });
    expect((await sessions.open(cookie)).email).toBeUndefined();
    session.backup = "b@b.co";
    await session.$commit();
    expect((await sessions.open(cookie)).backup).toBe("b@b.co");
  });
});
