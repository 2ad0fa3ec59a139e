import { readFile, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import type { SessionBase, Sessions } from "@sessgen/runtime";
import { afterAll, expect, it } from "vitest";
import { z } from "zod";
import { catalog } from "../../../src/cli/catalog.js";
import type { ResolvedConfig } from "../../../src/config/resolved.js";
import { emitModule } from "../../../src/emit/module/index.js";
import { applyLock } from "../../../src/lock/apply.js";
import { newLock } from "../../../src/lock/lock.js";
import { buildModel, configOf } from "../../model/config.js";
import { application } from "../../support/project.js";
import { makeFolder } from "./emitted.js";

const imported = 'import { msgpack } from "@sessgen/runtime/msgpack";';
const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

it.each<[ResolvedConfig["serializer"], { want: string; isImported: boolean }]>([
  ["packed", { want: 'serializer: "packed",', isImported: false }],
  ["json", { want: 'serializer: "json",', isImported: false }],
  ["msgpack", { want: "serializer: msgpack,", isImported: true }],
])("a module that writes %s loads what that takes", async (serializer, { want, isImported }) => {
  const config = { ...configOf(z.object({ visits: z.int().default(0) })), serializer };
  const { model } = await buildModel(config);
  const { lock } = applyLock(model, newLock(application));
  const folder = await makeFolder(`serializer-${serializer}`);
  folders.push(folder);
  for (const { path, content } of await emitModule(config, model, lock, catalog))
    await writeFile(`${folder}/${basename(path)}`, content);
  const entry = await readFile(`${folder}/index.ts`, "utf8");
  expect(entry).toContain(want);
  expect(entry.includes(imported)).toBe(isImported);

  const { sessions }: { sessions: Sessions<SessionBase & { visits: number }> } = await import(
    `${folder}/index.ts`
  );
  const session = await sessions.open(undefined);
  session.visits = 7;
  const [cookie = ""] = await session.$commit();
  expect((await sessions.open(cookie.split(";")[0])).visits).toBe(7);
});
