import type { Lifetime } from "@sessgen/runtime";
import type { CodeFile } from "../../code/code-file.js";
import type { Doc } from "../../code/doc.js";
import { documented } from "../../code/jsdoc.js";
import { kindNames } from "../../code/kind-names.js";
import { memberKey } from "../../code/names.js";
import { array, numberText, object, stringText, tallObject } from "../../code/syntax.js";
import type { ResolvedConfig } from "../../config/resolved.js";
import type { OptionValue } from "../../config/values.js";
import type { Lock } from "../../lock/lock.js";
import { cookieCode } from "./cookie.js";
import { durationText } from "./duration-text.js";
import type { Emission } from "./emission.js";
import { flashLists } from "./field-texts.js";
import { optionCode, usesEnv } from "./option-code.js";
import { specifierOf } from "./specifier.js";
import { isJudgedWhole, useSchema } from "./user-schema.js";

/** A member of an object, perhaps with a comment behind it. */
type Member = Doc | { readonly member: Doc; readonly comment: string };

/**
 * Writes `index.ts`: the sessions of the application, and what else is imported from the module.
 */
export function writeEntry(file: CodeFile, config: ResolvedConfig, emission: Emission, lock: Lock): void {
  const { model } = emission;
  const { Session, sessions } = kindNames(config.name);
  file.scope.reserve(sessions);
  const env = (): string => file.use("@sessgen/runtime", "env");
  const code = (value: OptionValue): Doc => optionCode(value, { env });
  /**
   * What is missing in the environment stops the application when it starts, unless it is to go on
   * with null sessions.
   */
  const whenMade = (name: string, value: OptionValue): Doc => {
    const late =
      (name === "secrets" || name === "realm") && usesEnv(value) && config.onStoreError === "null-session";
    return [memberKey(name), ": ", late ? "() => " : "", code(value)];
  };
  const option = (name: string, value: OptionValue | undefined): Doc[] =>
    value === undefined ? [] : [[`${name}: `, code(value)]];
  const group = (name: string, members: readonly Member[]): Doc => [`${name}: `, tallObject(members)];
  /** An option that brings its own code: only who has it bundles that. */
  const handedOver = (name: string, by: string, value: Doc): Doc => [
    `${name}: ${file.use("@sessgen/runtime", by)}(`,
    value,
    ")",
  ];
  const options = (values: object): Doc[] =>
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [whenMade(name, value)]));
  for (const [name, module] of [
    ["fields", "fields"],
    ["history", "fields"],
    [Session, "session"],
    ["store", "store"],
  ] as const) {
    file.use(emission.file(module), name);
  }
  const serializer =
    config.serializer === "msgpack"
      ? file.use("@sessgen/runtime/msgpack", "msgpack")
      : stringText(config.serializer);
  const parts = config.parts === undefined ? [] : [file.useAll(specifierOf(config.parts, config), "parts")];
  const isIndexed = model.fields.some(({ indexes }) => indexes !== undefined);
  const found = [
    ...(isIndexed ? ["SessionIndexes"] : []),
    ...(model.fields.some(({ policy }) => policy.list) ? ["SessionListed"] : []),
  ];
  const parameters = [Session, ...found.map((name) => file.useType(emission.file("types"), name))];
  const members: Member[] = [
    `application: ${stringText(lock.application)}`,
    ...(config.realm === undefined ? [] : [whenMade("realm", config.realm)]),
    Session === "Session" ? "Session" : `Session: ${Session}`,
    "fields",
    "history",
    ...(isIndexed ? [memberOf("lookup", file.use("@sessgen/runtime", "lookup"))] : []),
    "store",
    ...option("storeName", config.storeName),
    ...(config.schemaModule !== undefined && isJudgedWhole(model)
      ? [`check: ${useSchema(file, emission)}.check`]
      : []),
    ...option("name", config.name),
    `serializer: ${serializer}`,
    group("lifetime", [
      ...lifetime(config.lifetime),
      group("permanent", lifetime(config.lifetime.permanent)),
    ]),
    ["cookie: ", cookieCode(file, config)],
    ...(config.encryption === undefined
      ? []
      : [handedOver("encryption", "encryptWith", tallObject(options(config.encryption)))]),
    ...option("compression", config.compression && { ...config.compression }),
    ...previousOf(file, config, { option, whenMade }),
    ...option("id", config.id),
    ...option("transport", config.transport),
    ...(config.binding === undefined ? [] : [handedOver("binding", "bindTo", code({ ...config.binding }))]),
    ...parts,
    ...option("onStoreError", config.onStoreError),
    ...option("maxBytes", config.maxBytes),
    ...option("onUnreadable", config.onUnreadable),
  ];
  const type = `${file.useType("@sessgen/runtime", "Sessions")}<${parameters.join(", ")}>`;
  const create = file.use("@sessgen/runtime", "createSessions");
  file.add(
    documented("The sessions of this application.", [
      `export const ${sessions}: ${type} = ${create}(`,
      tallObject(members),
      ");",
    ]),
  );
  const types = [
    ...emission.types.keys(),
    ...emission.aliases.keys(),
    ...(model.fields.some(({ policy }) => policy.client) ? ["SessionClient"] : []),
    "SessionData",
    ...(flashLists(model).length > 0 ? ["SessionFlash"] : []),
    ...found,
    "SessionPatch",
  ];
  file.export(emission.file("types"), types, [Session, "fields"]);
}

/** How keys were made before; what derived them comes from a module of the application's. */
function previousOf(
  file: CodeFile,
  config: ResolvedConfig,
  {
    option,
    whenMade,
  }: {
    option(name: string, value: OptionValue | undefined): Doc[];
    whenMade(name: string, value: OptionValue): Doc;
  },
): Member[] {
  if (config.previous === undefined) return [];
  const each = config.previous.map(({ application, realm, name, deriveKey }): Doc => {
    const own =
      deriveKey === undefined || deriveKey === "standard"
        ? option("deriveKey", deriveKey)
        : [memberOf("deriveKey", file.use(specifierOf(deriveKey, config), "deriveKey"))];
    return object([
      ...option("application", application),
      ...(realm === undefined ? [] : [whenMade("realm", realm)]),
      ...option("name", name),
      ...own,
    ]);
  });
  return [["previous: ", array(each)]];
}

/** A member; the variable is called otherwise only where its name was taken. */
function memberOf(name: string, variable: string): Doc {
  return name === variable ? name : `${name}: ${variable}`;
}

function lifetime(times: Lifetime): Member[] {
  return (["idle", "absolute"] as const).map((part) => ({
    member: `${part}: ${numberText(times[part])}`,
    comment: durationText(times[part]),
  }));
}
