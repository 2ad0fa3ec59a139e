import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { FieldDefinition, SessionDefinition } from "@sessgen/runtime";
import { catalog } from "../../../src/cli/catalog.js";
import { emitModule } from "../../../src/emit/module/index.js";
import { applyLock } from "../../../src/lock/apply.js";
import { newLock } from "../../../src/lock/lock.js";
import type { SessionModel } from "../../../src/model/model.js";
import { buildModel, configOf } from "../../model/config.js";
import { application } from "../../support/project.js";

/** The checkout. */
export const root = fileURLToPath(new URL("../../../../", import.meta.url));
/** Below `node_modules`, so that emitted code finds the runtime. */
const cache = `${root}node_modules/.cache/sessgen-tests/`;

/** A module as it is emitted, on the disk and loaded. */
export interface Emitted {
  readonly folder: string;
  readonly fields: SessionDefinition;
  /** The field of that name. */
  field(name: string): FieldDefinition;
  remove(): Promise<void>;
}

/** Makes a folder that emitted code can be put into. */
export async function makeFolder(name: string): Promise<string> {
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(`${cache}${name}-`);
  // Moved to its place as a whole: other tests read it meanwhile.
  await writeFile(`${folder}/package.json`, '{ "type": "module" }');
  await rename(`${folder}/package.json`, `${cache}package.json`);
  return folder;
}

/** Writes the module of a model into a folder. */
async function writeModule(folder: string, model: SessionModel): Promise<void> {
  const { lock } = applyLock(model, newLock(application));
  for (const { path, content } of await emitModule(configOf(undefined), model, lock, catalog)) {
    await writeFile(`${folder}/${basename(path)}`, content);
  }
}

/** Emits the module of a schema and loads its fields. */
export async function emitted(
  name: string,
  schema: unknown,
  change: (model: SessionModel) => SessionModel = (model) => model,
): Promise<Emitted> {
  const folder = await makeFolder(name);
  const { model } = await buildModel(configOf(schema));
  await writeModule(folder, change(model));
  const { fields }: { fields: SessionDefinition } = await import(`${folder}/fields.ts`);
  return {
    folder,
    fields,
    field(wanted) {
      const field = fields.find(({ name: own }) => own === wanted);
      if (field === undefined) throw new Error(`there is no field ${wanted}`);
      return field;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
