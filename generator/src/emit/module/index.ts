import { banner } from "../../code/banner.js";
import { FileBuilder } from "../../code/file-builder.js";
import { kindNames } from "../../code/kind-names.js";
import { loadMorph } from "../../code/morph.js";
import { backendOf, type Catalog } from "../../config/catalog.js";
import type { ResolvedConfig } from "../../config/resolved.js";
import type { Lock } from "../../lock/lock.js";
import type { SessionModel } from "../../model/model.js";
import type { Artifact } from "../../output/artifact.js";
import { writeChecks } from "./checks.js";
import { writeCodec } from "./codec.js";
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
  const { CodeBlockWriter, IndentationText, Project, StructureKind } = loadMorph();
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    manipulationSettings: { indentationText: IndentationText.TwoSpaces },
  });
  const extension = config.importExtension;
  const writers: readonly (readonly [string, (file: FileBuilder) => void])[] = [
    ["types.ts", (file) => writeTypes(file, model)],
    ["checks.ts", (file) => writeChecks(file, model, checksOptions(config))],
    ["codec.ts", (file) => writeCodec(file, model, extension)],
    [
      "fields.ts",
      (file) => writeFields(file, model, lock, extension, (module) => specifierOf(module, config)),
    ],
    ["session.ts", (file) => writeSession(file, model, extension, kindNames(config.name).Session)],
    ["store.ts", (file) => writeStore(file, config, (kind) => backendOf(catalog, kind))],
    ["index.ts", (file) => writeEntry(file, config, model, lock)],
  ];
  return writers.map(([name, write]) => {
    const builder = new FileBuilder({ CodeBlockWriter, StructureKind });
    write(builder);
    const file = project.createSourceFile(`/${name}`, builder.structure());
    const text = file
      .getFullText()
      .trim()
      .replace(/\n{3,}/g, "\n\n");
    // Without fields there is nothing to check, and the file would be no module.
    const content = `${banner}\n${text || "export {};"}\n`;
    return { path: `${config.output}/${name}`, content, kind: "owned" };
  });
}

function checksOptions(config: ResolvedConfig): { importExtension: string; schemaModule?: string } {
  const { importExtension, schemaModule } = config;
  if (schemaModule === undefined) return { importExtension };
  return { importExtension, schemaModule: specifierOf(schemaModule, config) };
}
