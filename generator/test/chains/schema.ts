/**
 * A schema whose parts have an identity of their own: a number that stays when they are called
 * otherwise. Every value that is written says of which part it is.
 */
export type Type = { readonly id: number } & (
  | { readonly kind: "string" | "boolean" }
  | { readonly kind: "int"; readonly max?: number }
  | { readonly kind: "enum"; readonly members: readonly Named[] }
  | {
      readonly kind: "object";
      readonly properties: readonly Property[];
      /** What `.meta({ id })` calls it. */
      readonly name?: string;
      /** It may have another of itself inside. */
      readonly itself?: boolean;
    }
  | { readonly kind: "list"; readonly of: Type }
  | { readonly kind: "union"; readonly variants: readonly Variant[] }
);

/** A member of an enum, and whatever else has a name. */
export interface Named {
  readonly id: number;
  readonly name: string;
  /** What it was called in the version before; said to the generator. */
  readonly was?: string;
}

export interface Property extends Named {
  readonly presence: "required" | "optional" | "default";
  readonly type: Type;
  readonly upcasts?: readonly Upcast[];
}

export interface Variant extends Named {
  readonly properties: readonly Property[];
}

/** A step from a former type of a field or a property to the next one. */
export interface Upcast {
  readonly from: "string" | "int";
  /** Whether there is a function for the way back. */
  readonly down: boolean;
}

export interface Field extends Property {
  readonly upcasts: readonly Upcast[];
  readonly policies: Readonly<Record<string, string>>;
}

export interface Schema {
  readonly fields: readonly Field[];
  readonly serializer: "packed" | "json" | "msgpack";
  /** Empty: there is none. */
  readonly realm: string;
  /** The realms that sessions are looked for in besides, those that are to come among them. */
  readonly previous: readonly string[];
}

/** What an object may have, another of itself included. */
export function allProperties(type: Extract<Type, { kind: "object" }>): readonly Property[] {
  const again = { id: -type.id, name: "again", presence: "optional", type } as const;
  return type.itself ? [...type.properties, again] : type.properties;
}

/** The property that the elements of a field's list are merged by. */
export function unionKeyOf({ type, policies }: Pick<Field, "type" | "policies">): Property | undefined {
  const [, id] = /^union:(\d+)$/.exec(policies["merge"] ?? "") ?? [];
  if (type.kind !== "list" || type.of.kind !== "object") return undefined;
  return type.of.properties.find((property) => property.id === Number(id));
}

/** The number that one part's values begin with; behind it there is room for that many values. */
export const ROOM = 100_000;

/** The functions of upcasts. Text and number say the same. */
export const upcastModule = `export const toInt = (old: string): number => {
  const [part = "", value] = old.slice(1).split("#");
  return Number(part) * ${ROOM} + Number(value);
};
export const toText = (old: number): string => "u" + Math.floor(old / ${ROOM}) + "#" + (old % ${ROOM});
`;

/** What stands in for what was never written; as the schema says it and as it is read. */
export function defaultOf(type: Type): unknown {
  switch (type.kind) {
    case "string":
      return `u${type.id}#0`;
    case "int":
      return type.id * ROOM;
    case "boolean":
      return false;
    case "enum":
      return type.members[0]?.name;
    case "list":
      return [];
    default:
      return undefined;
  }
}

/** The members of a config that say this. */
export function configText({ fields, serializer, realm, previous }: Schema): string {
  const policies = fields.flatMap((field) => policyLines(field));
  return [
    `schema: z.object({ ${fields.map(propertyText).join(", ")} })`,
    `serializer: "${serializer}"`,
    ...(realm === "" ? [] : [`realm: "${realm}"`]),
    ...(previous.length === 0
      ? []
      : [`previous: [${previous.map((one) => `{ realm: "${one}" }`).join(", ")}]`]),
    'encryption: { secrets: [env("SECRET")], acceptPlain: true }',
    `fields: { ${policies.join(", ")} }`,
  ].join(",\n");
}

function propertyText({ name, presence, type }: Property): string {
  const rest = {
    required: "",
    optional: ".optional()",
    default: `.default(${JSON.stringify(defaultOf(type))})`,
  };
  return `${name}: ${typeText(type)}${rest[presence]}`;
}

function typeText(type: Type): string {
  switch (type.kind) {
    case "string":
    case "boolean":
      return `z.${type.kind}()`;
    case "int":
      return type.max === undefined ? "z.int()" : `z.int().max(${type.id * ROOM + type.max})`;
    case "enum":
      return `z.enum(${JSON.stringify(type.members.map(({ name }) => name))})`;
    case "object":
      return objectText(type);
    case "list":
      return `z.array(${typeText(type.of)})`;
    case "union":
      return `z.discriminatedUnion("is", [${type.variants
        .map(({ name, properties }) =>
          [`z.object({ is: z.literal("${name}")`, ...properties.map(propertyText)].join(", "),
        )
        .map((text) => `${text} })`)
        .join(", ")}])`;
  }
}

function objectText({ properties, name, itself }: Extract<Type, { kind: "object" }>): string {
  const again = itself ? [`get again() { return ${name}.optional(); }`] : [];
  const text = `z.object({ ${[...properties.map(propertyText), ...again].join(", ")} })`;
  if (name === undefined) return text;
  return `(() => { const ${name} = ${text}.meta({ id: "${name}" }); return ${name}; })()`;
}

function policyLines(field: Field): string[] {
  const { name, was, type, upcasts, policies } = field;
  const own = [
    ...Object.entries(policies).flatMap(([policy, value]) => {
      // What is encrypted stands in no index as it is.
      if (policy === "index" && policies["encrypt"] !== undefined) return ['index: "hashed"'];
      if (!value.startsWith("union:")) return [`${policy}: ${value}`];
      const key = unionKeyOf(field);
      // The property has gone: there is nothing to merge by any more.
      return key === undefined ? [] : [`merge: { union: "${key.name}" }`];
    }),
    ...upcastText(upcasts),
    ...wasText(was, type),
  ];
  return [...(own.length === 0 ? [] : [`${name}: { ${own.join(", ")} }`]), ...insideLines(type, name)];
}

/** What is said of parts that lie deeper. */
function insideLines(type: Type, path: string): string[] {
  const ofProperties = (properties: readonly Property[]): string[] =>
    properties.flatMap((property) => {
      const at = `${path}.${property.name}`;
      const own = [...upcastText(property.upcasts), ...wasText(property.was, property.type)];
      return [
        ...(own.length === 0 ? [] : [`${JSON.stringify(at)}: { ${own.join(", ")} }`]),
        ...insideLines(property.type, at),
      ];
    });
  switch (type.kind) {
    case "object":
      return ofProperties(type.properties);
    case "union":
      return type.variants.flatMap(({ properties }) => ofProperties(properties));
    case "list": {
      const own = wasText(undefined, type.of);
      const at = `${path}[]`;
      return [
        ...(own.length === 0 ? [] : [`${JSON.stringify(at)}: { ${own.join(", ")} }`]),
        ...insideLines(type.of, at),
      ];
    }
    default:
      return [];
  }
}

function upcastText(upcasts: readonly Upcast[] = []): string[] {
  const steps = upcasts.map(
    ({ from, down }) =>
      `{ from: z.${from}(), module: "./upcasts.ts", export: "${from === "string" ? "toInt" : "toText"}"${
        down ? `, down: "${from === "string" ? "toText" : "toInt"}"` : ""
      } }`,
  );
  return steps.length === 0 ? [] : [`upcast: [${steps.join(", ")}]`];
}

function wasText(name: string | undefined, type: Type): string[] {
  const named = type.kind === "enum" ? type.members : type.kind === "union" ? type.variants : [];
  const values = named.flatMap(({ name: now, was }) => (was === undefined ? [] : [[now, was]]));
  if (name === undefined && values.length === 0) return [];
  const parts = [
    ...(name === undefined ? [] : [`name: "${name}"`]),
    ...(values.length === 0 ? [] : [`values: ${JSON.stringify(Object.fromEntries(values))}`]),
  ];
  return [`was: { ${parts.join(", ")} }`];
}
