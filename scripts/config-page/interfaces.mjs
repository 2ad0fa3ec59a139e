import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "oxc-parser";

const source = fileURLToPath(new URL("../../generator/src", import.meta.url));

const cookieOptions = fileURLToPath(new URL("../../runtime/src/cookie/options.ts", import.meta.url));

/** The files whose interfaces are what a config may say. */
const declares = /^(?:config\/options|model\/policies)\/|^(?:backends|frameworks)\/[\w-]+\/options\.ts$/;

/**
 * Reads what the sources say about options: every exported interface by its name, with its JSDoc,
 * its members, and the names of the interfaces it extends.
 */
export function interfaces() {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => file.endsWith(".ts") && declares.test(file))
    .sort();
  const declared = files.flatMap((file) => interfacesOf(join(source, file)));
  // What the runtime declares already, under the name it is imported with.
  const shared = interfacesOf(cookieOptions).map(([name, found]) => [`Runtime${name}`, found]);
  return new Map([...declared, ...shared]);
}

/** Gives the members of an interface and of those it extends. */
export function membersOf(all, name) {
  const found = all.get(name);
  if (found === undefined) throw new Error(`No interface ${name} is exported where options are declared`);
  const inherited = found.parents.flatMap((parent) => (all.has(parent) ? membersOf(all, parent) : []));
  // What is declared anew takes the place of what is inherited.
  return [...new Map([...inherited, ...found.members].map((member) => [member.name, member])).values()];
}

function interfacesOf(file) {
  const text = readFileSync(file, "utf8");
  const { program, comments } = parseSync(file, text);
  const docOf = (node) => {
    const doc = comments.findLast(
      ({ value, end }) =>
        value.startsWith("*") && end <= node.start && text.slice(end, node.start).trim() === "",
    );
    return doc === undefined ? "" : plain(doc.value);
  };
  return program.body.flatMap((node) => {
    const found = node.declaration;
    if (found?.type === "TSInterfaceDeclaration") {
      // Of `Omit<Some, "member">`: what is left out is declared anew.
      const parents = found.extends.map(({ expression, typeArguments }) =>
        expression.name === "Omit" ? typeArguments.params[0].typeName.name : expression.name,
      );
      return [
        [found.id.name, { doc: docOf(node), parents, members: signaturesOf(found.body.body, docOf, text) }],
      ];
    }
    // A type that adds members to an interface: `Some<Time> & { … }`.
    if (found?.type !== "TSTypeAliasDeclaration" || found.typeAnnotation.type !== "TSIntersectionType")
      return [];
    const { types } = found.typeAnnotation;
    const parents = types.flatMap(({ typeName }) => typeName?.name ?? []);
    const members = types.flatMap((type) => signaturesOf(type.members ?? [], docOf, text));
    return [[found.id.name, { doc: docOf(node), parents, members }]];
  });
}

function signaturesOf(nodes, docOf, text) {
  return nodes
    .filter(({ type }) => type === "TSPropertySignature")
    .map((node) => {
      const { start, end } = node.typeAnnotation.typeAnnotation;
      return {
        name: node.key.name,
        optional: node.optional,
        type: text.slice(start, end).replaceAll(/\s+/g, " "),
        doc: docOf(node),
      };
    });
}

/** The text of JSDoc, without stars, tags and links; lists stay as they are. */
function plain(value) {
  return value
    .split("\n")
    .map((line) => line.replace(/^\s*\*+ ?/, "").trimEnd())
    .filter((line) => !line.startsWith("@"))
    .join("\n")
    .replaceAll(/\{@link (\w+)\}/g, "`$1`")
    .replaceAll(/\bdocs\/([\w/-]+\.md)\b/g, "[$1]($1)")
    .trim();
}
