// `npm run docs:config`: writes docs/config.md from the declarations of the options and their
// JSDoc, so that no option is missing there and none says other than what editors show.
import { writeFileSync } from "node:fs";
import { interfaces, membersOf } from "./config-page/interfaces.mjs";

const file = new URL("../docs/config.md", import.meta.url);

/** Where options of their own stand, by the name of the type. */
const nested = {
  IdOptions: "id",
  LifetimesOptions: "lifetime",
  CookieOptions: "cookie",
  BindingOptions: "binding",
  EncryptionOptions: "encryption",
  PreviousOptions: "previous",
  CompressionOptions: "compression",
};

/** What is said elsewhere, by option. */
const guides = {
  schema: "[What a schema can contain](schema.md).",
  fields: "Each policy is [below](#policies-of-fields); what they do together: [fields.md](fields.md).",
  backend:
    "Each backend's options are [below](#backends); what they can and cannot: [backends.md](backends.md).",
  cookie: "[How sessions travel](cookies.md).",
  transport: "[How sessions travel](cookies.md).",
  realm: "[Whose session is this](identity.md), [staging](guides/staging.md).",
  name: "[Several kinds of sessions](cookies.md).",
  previous: "[Whose session is this](identity.md).",
  encryption: "[Rotation of secrets](guides/rotation.md).",
  migrations: "[Migrations](guides/migrations.md).",
  testing: "[Tests of your application](testing.md).",
  lock: "[Whose session is this](identity.md).",
  onUnreadable: "[What sessions tell](observability.md).",
  maxBytes: "[Stored sessions in operation](operations.md).",
  frameworks: "[Frameworks](frameworks.md).",
  importExtension: "[Your project](projects.md).",
  language: "[Your project](projects.md).",
};

/** The page's text. */
export function configPage() {
  const all = interfaces();
  const backends = [...all].filter(([name]) => name.endsWith("Backend")).sort(byName);
  const glue = [...all].filter(([name]) => name.endsWith("Glue")).sort(byName);
  const parts = Object.fromEntries(Object.entries(nested).map(([type, option]) => [option, type]));
  const options = all.get("SessionConfig").members;
  return `# Every option of the config

What \`session.config.ts\` may say, with what holds where it says nothing, and what it costs. Written by \`npm run docs:config\` from
the declarations, so it is what your editor shows, too. Where there is "not set", leaving the option out means that there is no such thing.
Where an option is \`EnvReference\`, that is \`env("NAME")\`: read by the application when it starts
([how variables come in](guides/environment.md)).

${example}
| option | default |
|---|---|
${options.map((option) => `| [\`${option.name}\`](#${anchorOf(option.name)}) | ${cell(defaultOf(option))} |`).join("\n")}

${options
  .map((option) => {
    const members = all.get(parts[option.name]) && membersOf(all, parts[option.name]);
    return [
      entry("##", option, option.name),
      ...(members ?? []).map((member) => entry("###", member, `${option.name}.${member.name}`)),
    ].join("\n");
  })
  .join("\n")}
## Policies of fields

Under \`fields\`, by the name of the field, or for some of them of a part of it, such as \`"user.id"\`.

${membersOf(all, "FieldPolicies")
  .map((policy) => entry("###", policy, `fields.….${policy.name}`))
  .join("\n")}
## Backends

\`backend\` has \`kind\` and, by the kind, these.

${backends.map(([, backend]) => block(`backend`, kindOf(backend), backend, all)).join("\n")}
## Glue with options

\`frameworks: ["fastify"]\` takes no options. These can be objects:

${glue.map(([, one]) => block("framework", nameOf(one), one, all)).join("\n")}`
    .replaceAll(/\n{3,}/g, "\n\n")
    .trimEnd()
    .concat("\n");
}

const example = `\`\`\`ts
import { defineConfig, env } from "sessgen";
import { z } from "zod";

export default defineConfig({
  schema: z.object({
    user: z.object({ id: z.string(), name: z.string() }).optional(),
    theme: z.enum(["light", "dark"]).default("light"),
    phone: z.string().optional(),
    visits: z.int().default(0),
  }),
  fields: {
    user: { regenerate: "on-change", identity: "id" },
    "user.id": { index: true }, // findBy, destroyBy: a column and its index
    theme: { client: true }, // in session.$client(), which goes to the browser
    phone: { encrypt: true, redact: true }, // unreadable in the store, absent from logs
    visits: { merge: "counter" },
  },
  backend: { kind: "postgres", url: env("DATABASE_URL") },
  encryption: { secrets: [env("SESSION_ENCRYPTION_SECRET")], acceptPlain: true }, // until old sessions have ended
  onStoreError: "null-session", // visitors look logged out while the database is away
  output: "src/session",
  infrastructure: "session-infra",
  migrations: "dbmate", // laid out for who applies them
  templates: "session-templates", // ours that yours replace, by the same relative name
});
\`\`\`
`;

/** One option: its heading, its type, its default, what it is. */
function entry(level, member, path) {
  return [
    `${level} \`${path}\``,
    "",
    `\`${typeOf(member)}\`, ${member.optional ? `default: ${defaultOf(member)}` : "required"}`,
    "",
    member.doc,
    ...(guides[path] === undefined ? [] : ["", guides[path]]),
    "",
  ].join("\n");
}

/** A backend's, or a framework's, options as a list. */
function block(what, name, { doc, members, parents }, all) {
  const own = members
    .filter((member) => !["kind", "name"].includes(member.name))
    .flatMap((member) => [
      member,
      ...(all.get(member.type)?.members ?? []).map((part) => ({
        ...part,
        name: `${member.name}.${part.name}`,
      })),
    ]);
  return [
    `### ${what} \`${name}\``,
    "",
    doc,
    "",
    "| option | type | default | |",
    "|---|---|---|---|",
    ...[...own, ...parents.flatMap((parent) => membersOf(all, parent))].map(
      (member) =>
        `| \`${member.name}\` | \`${typeOf(member).replaceAll("|", "\\|")}\` | ${member.optional ? cell(defaultOf(member)) : "required"} | ${cell(member.doc)} |`,
    ),
    "",
  ].join("\n");
}

/** What holds where the option is left out: what its JSDoc says behind "Default". */
function defaultOf({ doc, optional }) {
  if (!optional) return "none, it is required";
  const text = doc.replaceAll(/\s*\n\s*/g, " ");
  // A value, or words up to the end of the sentence.
  const [, value, words] =
    /\bDefault:? (?:(`[^`]+`)|((?:[^.;(]|\.(?! |$))+))/.exec(text) ??
    /(`"[^`]+"`) \((?:d)efault\)/.exec(text) ??
    [];
  return value ?? words?.trim() ?? /(`[^`]+`)[^`.]*\(default\)/.exec(text)?.[1] ?? "not set";
}

function typeOf({ type }) {
  return type
    .replaceAll("readonly ", "")
    .replaceAll("<Time>", "")
    .replaceAll(/\bTime\b/g, "Duration")
    .replace(/^\| /, "");
}

function anchorOf(path) {
  return path.replaceAll(/[^\w-]/g, "").toLowerCase();
}

function kindOf({ members }) {
  return /"(.+)"/.exec(members.find(({ name }) => name === "kind").type)[1];
}

function nameOf({ members }) {
  return /"(.+)"/.exec(members.find(({ name }) => name === "name").type)[1];
}

function cell(text) {
  return text.replaceAll(/\s*\n\s*/g, " ").replaceAll("|", "\\|");
}

function byName([a], [b]) {
  return a < b ? -1 : 1;
}

if (process.argv[1] === new URL(import.meta.url).pathname) writeFileSync(file, configPage());
