import { CodeFile } from "../../code/code-file.js";
import { reservedNames } from "../../code/emitted-names.js";
import { kindNames } from "../../code/kind-names.js";
import { loadMorph } from "../../code/morph.js";
import { backendOf, type Catalog } from "../../config/catalog.js";
import type { ResolvedConfig } from "../../config/resolved.js";
import type { Lock } from "../../lock/lock.js";
import type { SessionModel } from "../../model/model.js";
import type { Artifact } from "../../output/artifact.js";
import { writeChecks } from "./checks.js";
import { type CodecPlaces, writeCodec } from "./codec.js";
import { Emission } from "./emission.js";
import { writeEntry } from "./entry.js";
import { writeFields } from "./fields.js";
import { writeSession } from "./session.js";
import { specifierOf } from "./specifier.js";
import { writeStore } from "./store.js";
import { writeTypes } from "./types.js";

/**
 * Emits the typed session module: types, checks, codec, fields, the class, the store and the entry.
 * Pure.
 */
export async function emitModule(
  config: ResolvedConfig,
  model: SessionModel,
  lock: Lock,
  catalog: Catalog,
): Promise<Artifact[]> {
  const { IndentationText, Project, StructureKind } = loadMorph();
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    manipulationSettings: { indentationText: IndentationText.TwoSpaces },
  });
  const { Session } = kindNames(config.name);
  const emission = new Emission(model, config.importExtension, Session);
  const own = (module: string): string => specifierOf(module, config);
  const { schemaModule } = config;
  let codecs: CodecPlaces = new Map();
  const writers: readonly (readonly [string, (file: CodeFile) => void])[] = [
    ["types.ts", (file) => writeTypes(file, emission, own)],
    ["checks.ts", (file) => writeChecks(file, emission, schemaModule && own(schemaModule))],
    ["codec.ts", (file) => (codecs = writeCodec(file, emission, own))],
    ["fields.ts", (file) => writeFields(file, emission, lock, codecs, own, schemaModule !== undefined)],
    ["session.ts", (file) => writeSession(file, emission, Session)],
    ["store.ts", (file) => writeStore(file, config, (kind) => backendOf(catalog, kind))],
    ["index.ts", (file) => writeEntry(file, config, emission, lock)],
  ];
  return writers.map(([name, write]) => {
    const file = new CodeFile({ project, StructureKind }, reservedNames);
    write(file);
    return { path: `${config.output}/${name}`, content: file.print(), kind: "owned" };
  });
}
