import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { IndexValues, SessionDefinition } from "@sessgen/runtime";
import { importModule } from "../config/import.js";
import { SessgenError } from "../errors.js";
import type { Target } from "./live.js";
import { importForProject } from "./open-store.js";

/** What a session is found by, for the store; nothing when the payload cannot be read. */
export type ReadIndexValues = (payload: Uint8Array) => IndexValues | undefined;

/**
 * Reads payloads as the application does: through the emitted `fields.ts`.
 * @throws SessgenError `migrate/failed` when it is not there, or older than the config
 */
export async function emittedIndexValues({ config, indexes }: Target): Promise<ReadIndexValues> {
  const file = `${config.output}/fields.ts`;
  const path = resolve(config.root, file);
  const stale = (summary: string): SessgenError =>
    new SessgenError("migrate/failed", summary, { where: { file }, fix: "Run `npx sessgen` first." });
  if (!existsSync(path)) throw stale(`${file} is not there, and says what sessions are found by`);
  const module = await importModule(path, { files: new Set(), env: new Set() });
  const fields = module["fields"] as SessionDefinition;
  const emitted = fields.flatMap((field) => field.indexes ?? []);
  const missing = indexes.find(({ name, hashed }) =>
    emitted.every((index) => index.name !== name || (index.hashed ?? false) !== hashed),
  );
  if (missing !== undefined) throw stale(`${file} does not know the index on ${missing.path} as it is now`);
  const { decodeRecord, indexValues } = await importForProject<typeof import("@sessgen/runtime")>(
    config.root,
    "@sessgen/runtime",
  );
  return (payload) => {
    try {
      return indexValues(fields, decodeRecord(payload, fields, { now: Date.now() }));
    } catch {
      // Whatever is wrong with it: the application will find out when the session is opened, and begin it anew.
      return undefined;
    }
  };
}
