import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { CustomSerializer, History, Serializer, SessionDefinition } from "@sessgen/runtime";
import { importModule } from "../config/import.js";
import { SessgenError } from "../errors.js";
import type { Target } from "./live.js";
import { importForProject } from "./open-store.js";

/** What sessions are read and written with. */
export interface EmittedSchema {
  readonly fields: SessionDefinition;
  readonly history: History;
}

/**
 * Loads what was emitted about the fields.
 * @throws SessgenError `inspect/not-emitted`
 */
export async function emittedSchema({ config }: Target): Promise<EmittedSchema> {
  const [file = "", found] = ["fields.ts", "fields.js"]
    .map((name) => resolve(config.root, config.output, name))
    .map((path) => [path, existsSync(path)] as const)
    .sort(([, one], [, other]) => Number(other) - Number(one))[0] ?? [""];
  const refuse = (summary: string): SessgenError =>
    new SessgenError("inspect/not-emitted", summary, { where: { file } });
  if (!found) throw refuse("There is no emitted module");
  const { fields, history } = await importModule(file, { files: new Set(), env: new Set() });
  if (!Array.isArray(fields) || Object(history) !== history)
    throw refuse("The emitted module is of another version");
  return { fields, history: history as History };
}

/** Gives what the application writes its sessions in. */
export async function serializerOf({ config }: Target): Promise<Serializer> {
  const { parts, root, serializer } = config;
  if (parts !== undefined) {
    const touched = { files: new Set<string>(), env: new Set<string>() };
    const exported = await importModule(resolve(root, parts), touched);
    if (exported["serializer"] !== undefined) return exported["serializer"] as CustomSerializer;
  }
  if (serializer !== "msgpack") return serializer;
  const { msgpack } = await importForProject<typeof import("@sessgen/runtime/msgpack")>(
    root,
    "@sessgen/runtime/msgpack",
  );
  return msgpack;
}
