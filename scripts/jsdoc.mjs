// `npm run guards:jsdoc`: fails where the JSDoc of an exported function, or of a method that others
// may call, does not begin with a verb: "Reads the session", not "The session". Of an exported
// function there is JSDoc.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "oxc-parser";

const root = fileURLToPath(new URL("..", import.meta.url));
const folders = process.argv.length > 2 ? process.argv.slice(2) : ["runtime/src", "generator/src"];

/** Words that end like a verb of the third person, and are none. */
const nouns = new Set(["As", "Its", "Others", "Rows", "Sessions", "This"]);

const found = folders.flatMap(sources).flatMap(badlyBegun);
if (found.length > 0) {
  console.error(found.join("\n"));
  console.error(`${found.length} times JSDoc does not begin with a verb.`);
  process.exit(1);
}

function sources(folder) {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(root, folder, file))
    .sort();
}

/** Where JSDoc of a file begins otherwise, as `file:line: name`. */
function badlyBegun(file) {
  const text = readFileSync(file, "utf8");
  const { program, comments } = parseSync(file, text);
  const seen = new Set();
  return program.body.flatMap(callable).flatMap(({ start, name, isNeeded }) => {
    // Of a function of several signatures, the first has the JSDoc.
    if (isNeeded && seen.has(name)) return [];
    seen.add(name);
    const doc = comments.find(
      (comment) =>
        comment.value.startsWith("*") && comment.end <= start && text.slice(comment.end, start).trim() === "",
    );
    if (doc === undefined ? !isNeeded : beginsWithVerb(doc.value)) return [];
    return [`${relative(root, file)}:${text.slice(0, start).split("\n").length}: ${name}`];
  });
}

/** What others may call: an exported function, the methods of a class and of an interface. */
function callable({ type, declaration, start }) {
  if (type !== "ExportNamedDeclaration" || declaration === null) return [];
  const { id, body } = declaration;
  if (["FunctionDeclaration", "TSDeclareFunction"].includes(declaration.type))
    return [{ start, name: id.name, isNeeded: true }];
  if (!["ClassDeclaration", "TSInterfaceDeclaration"].includes(declaration.type)) return [];
  return body.body
    .filter(
      (member) =>
        (member.kind === "method" || member.type === "TSMethodSignature") &&
        member.key.type !== "PrivateIdentifier",
    )
    .map((member) => ({ start: member.start, name: `${id.name}.${member.key.name ?? "…"}` }));
}

function beginsWithVerb(doc) {
  const [first = ""] = doc.replace(/^\*\s*(?:\* )?/, "").match(/^[^\s,.;:]+/) ?? [];
  return /^[A-Z][a-z]+s$/.test(first) && !nouns.has(first);
}
