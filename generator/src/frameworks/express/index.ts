import type { Field } from "../../model/model.js";
import type { FieldProblem, Framework, GlueOptions } from "../framework.js";
import { entry } from "../wiring.js";
import { options } from "./options.js";

/** Express, 4 and 5. */
export const express: Framework = {
  name: "express",
  packages: ["express"],
  types: ["@types/express"],
  wiring: () => [
    entry({
      serves: "app.listen(",
      text: (glue) => `import express from "express";
import { session } from "${glue}";

const app = express();
app.use(session());

app.get("/", (request, response) => {
  request.session.visits += 1;
  response.json({ visits: request.session.visits });
});

app.listen(Number(process.env["PORT"] ?? 3000));
`,
      lines: (glue) => `import { session } from "${glue}";

app.use(session()); // before the routes
`,
    }),
  ],
  reserved: ["attachExpressSession", "attachSession", "ExpressSession", "ExpressSessionStore"],
  options,
  kept: ["bag"],
  problems,
  data: ({ packages, name }, { compat, bag = "" }) => ({
    compat: compat === "express-session",
    bag,
    // These types say themselves what a request's session is, and the compiler takes one word only.
    theirTypes: name === undefined && packages.has("@types/express-session"),
    // What express-session's sessions have beside their session; of one kind only.
    isUsual: name === undefined,
  }),
};

/** What middleware written for express-session expects under these names. */
const members = ["id", "req", "cookie", "regenerate", "save", "destroy", "reload", "touch", "resetMaxAge"];

function problems({ compat, bag }: GlueOptions, fields: readonly Field[]): readonly FieldProblem[] {
  if (compat === undefined) return [];
  const taken = fields.filter(({ name }) => members.includes(name));
  const found = taken.map(({ name }) => ({
    field: name,
    summary: `With compat: "express-session", no field can be called ${JSON.stringify(name)}: it is one of its members`,
  }));
  if (bag === undefined) return found;
  const field = fields.find(({ name }) => name === bag);
  if (field !== undefined && takesAnything(field)) return found;
  return [
    ...found,
    {
      ...(field === undefined ? {} : { field: field.name }),
      summary:
        field === undefined
          ? `The schema has no field ${JSON.stringify(bag)} to be the bag`
          : `The field ${field.name} cannot be the bag, for it does not take whatever middleware puts there`,
      fix: `Declare it as ${bag}: z.record(z.string(), z.unknown()).default({}).`,
    },
  ];
}

function takesAnything({ type }: Field): boolean {
  if (type.kind !== "record" || type.key.kind !== "string" || type.value.kind !== "unknown") return false;
  const { format, patterns, minLength, maxLength } = type.key;
  return patterns.length === 0 && [format, minLength, maxLength].every((limit) => limit === undefined);
}
