import type { CodeBlockWriter } from "ts-morph";
import type { FileBuilder } from "../../code/file-builder.js";
import { kindNames } from "../../code/kind-names.js";
import { memberKey } from "../../code/names.js";
import type { Lifetime } from "../../config/options/lifetime.js";
import type { ResolvedConfig } from "../../config/resolved.js";
import type { OptionValue } from "../../config/values.js";
import type { Lock } from "../../lock/lock.js";
import type { SessionModel } from "../../model/model.js";
import { hasCookieSecrets, writeCookie } from "./cookie.js";
import { durationText } from "./duration-text.js";
import { flashLists } from "./field-names.js";
import { namedTypes } from "./named-types.js";
import { optionText, usesEnv } from "./option-text.js";
import { specifierOf } from "./specifier.js";

/**
 * Writes `index.ts`: the sessions of the application, and what else is imported from the module.
 */
export function writeEntry(file: FileBuilder, config: ResolvedConfig, model: SessionModel, lock: Lock): void {
  const extension = config.importExtension;
  const { Session, sessions } = kindNames(config.name);
  const found = model.fields.some(({ indexes }) => indexes !== undefined) ? ["SessionIndexes"] : [];
  if (model.fields.some(({ policy }) => policy.list)) found.push("SessionListed");
  const secret = hasCookieSecrets(config) || config.encryption !== undefined;
  file.addImportDeclaration({
    moduleSpecifier: "@sessgen/runtime",
    namedImports: [
      ...(config.cookies === undefined ? [] : ["byEnvironment"]),
      "createSessions",
      ...(secret || usesEnv(config.realm ?? "") ? ["env"] : []),
      "type Sessions",
    ],
  });
  for (const [names, module] of [
    [["fields", "history"], "fields"],
    [[Session], "session"],
    [["store"], "store"],
  ] as const) {
    file.addImportDeclaration({ moduleSpecifier: `./${module}${extension}`, namedImports: [...names] });
  }
  if (config.serializer === "msgpack") {
    file.addImportDeclaration({ moduleSpecifier: "@sessgen/runtime/msgpack", namedImports: ["msgpack"] });
  }
  if (config.parts !== undefined) {
    file.addImportDeclaration({
      moduleSpecifier: specifierOf(config.parts, config),
      namespaceImport: "parts",
    });
  }
  if (found.length > 0) {
    file.addImportDeclaration({
      isTypeOnly: true,
      moduleSpecifier: `./types${extension}`,
      namedImports: found,
    });
  }
  file.addStatements((out) => {
    out.blankLine().writeLine("/** The sessions of this application. */");
    const type = `Sessions<${[Session, ...found].join(", ")}>`;
    out.write(`export const ${sessions}: ${type} = createSessions(`).inlineBlock(() => {
      out.writeLine(`application: ${JSON.stringify(lock.application)},`);
      if (config.realm !== undefined) out.writeLine(`realm: ${whenMade(config, "realm", config.realm)},`);
      out
        .writeLine(Session === "Session" ? "Session," : `Session: ${Session},`)
        .writeLine("fields,")
        .writeLine("history,")
        .writeLine("store,");
      if (config.storeName !== undefined) out.writeLine(`storeName: ${JSON.stringify(config.storeName)},`);
      if (config.name !== undefined) out.writeLine(`name: ${JSON.stringify(config.name)},`);
      out.writeLine(
        `serializer: ${config.serializer === "msgpack" ? "msgpack" : JSON.stringify(config.serializer)},`,
      );
      out.write("lifetime: ").inlineBlock(() => {
        writeLifetime(out, config.lifetime);
        out.write("permanent: ").inlineBlock(() => writeLifetime(out, config.lifetime.permanent));
        out.write(",").newLine();
      });
      out.write(",").newLine();
      writeCookie(out, config);
      if (config.encryption !== undefined) {
        out.write("encryption: ").inlineBlock(() => {
          for (const [name, value] of Object.entries(config.encryption ?? {}))
            out.writeLine(`${memberKey(name)}: ${whenMade(config, name, value)},`);
        });
        out.write(",").newLine();
      }
      if (config.id !== undefined) out.writeLine(`id: ${optionText(config.id)},`);
      if (config.transport !== undefined) out.writeLine(`transport: ${optionText(config.transport)},`);
      if (config.binding !== undefined) out.writeLine(`binding: ${optionText({ ...config.binding })},`);
      if (config.parts !== undefined) out.writeLine("parts,");
      out.writeLine(`onStoreError: ${JSON.stringify(config.onStoreError)},`);
      if (config.maxBytes !== undefined) out.writeLine(`maxBytes: ${config.maxBytes},`);
      if (config.onUnreadable !== undefined)
        out.writeLine(`onUnreadable: ${optionText(config.onUnreadable)},`);
    });
    out.write(");").newLine();
  });
  file.addExportDeclaration({ namedExports: [Session, "fields"] });
  file.addExportDeclaration({
    isTypeOnly: true,
    moduleSpecifier: `./types${extension}`,
    namedExports: [
      ...new Set([
        ...namedTypes(model).keys(),
        ...(model.fields.some(({ policy }) => policy.client) ? ["SessionClient"] : []),
        "SessionData",
        ...(flashLists(model).length > 0 ? ["SessionFlash"] : []),
        ...found,
        "SessionPatch",
      ]),
    ].sort(),
  });
}

/**
 * What is missing in the environment stops the application when it starts, unless it is to go on
 * with null sessions.
 */
function whenMade(config: ResolvedConfig, name: string, value: OptionValue): string {
  const late =
    (name === "secrets" || name === "realm") && usesEnv(value) && config.onStoreError === "null-session";
  return `${late ? "() => " : ""}${optionText(value)}`;
}

function writeLifetime(out: CodeBlockWriter, lifetime: Lifetime): void {
  for (const part of ["idle", "absolute"] as const) {
    out.writeLine(`${part}: ${lifetime[part]}, // ${durationText(lifetime[part])}`);
  }
}
