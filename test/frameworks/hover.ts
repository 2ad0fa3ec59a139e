import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
// The newest one has no such interface for programs.
import ts from "typescript-5.9";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** What examples have in common, such as the types of Node, is read once. */
const registry = ts.createDocumentRegistry();

/** Tells what editors show: for the end of some text in a file. */
export type Hover = (file: string, text: string) => string;

/** Opens an example as an editor does. */
export function hoverIn(example: string): Hover {
  const folder = `${root}examples/${example}`;
  const { config } = ts.readConfigFile(`${folder}/tsconfig.json`, ts.sys.readFile);
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
  const host: ts.LanguageServiceHost = {
    getScriptFileNames: () => fileNames,
    getScriptVersion: () => "1",
    getScriptSnapshot: (name) =>
      ts.sys.fileExists(name) ? ts.ScriptSnapshot.fromString(readFileSync(name, "utf8")) : undefined,
    getCurrentDirectory: () => folder,
    getCompilationSettings: () => options,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
    readDirectory: ts.sys.readDirectory,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
    realpath: (path) => ts.sys.realpath?.(path) ?? path,
  };
  const service = ts.createLanguageService(host, registry);
  return (file, text) => {
    const name = `${folder}/${file}`;
    const at = readFileSync(name, "utf8").indexOf(text);
    if (at === -1) throw new Error(`${file} has no ${text}`);
    const info = service.getQuickInfoAtPosition(name, at + text.length - 1);
    const shown = ts.displayPartsToString(info?.displayParts);
    return [shown, ts.displayPartsToString(info?.documentation)].filter(Boolean).join("\n");
  };
}
