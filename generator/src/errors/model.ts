/** What is wrong with a schema and the policies of its fields. Keep sorted. */
export const modelErrors = {
  "model/dynamic-default": {
    severity: "error",
    exit: "config",
    why: "A default is written into the emitted code, so it must be the same plain data whenever it is asked for.",
    fix: "Use a constant; set `schemaModule`, so that the application asks the schema for the default of a field; or make the field optional and assign it where the session begins.",
  },
  "model/enum-as-literals": {
    severity: "warning",
    exit: "ok",
    why: "The generator sees values, not the declaration of the enum. A setter takes the enum's members, but what a getter returns is no member of it.",
    fix: "Use an object `as const`, or a list of the values: z.enum([…]); or compare and assign by value.",
  },
  "model/input-not-taken": {
    severity: "warning",
    exit: "ok",
    why: "Setters take what the schema gives out. What makes it of other values works on input, of which a session has none.",
    fix: "Leave it out, or set `schemaModule` to the module that exports the schema: then setters hand values to it.",
  },
  "model/invalid-default": {
    severity: "error",
    exit: "config",
    why: "Zod hands a default of Zod 3, or a prefault, to the schema, which refuses it: the absent field would be an error. Others, and what a catch gives, can be a text, a number or an empty list that the schema refuses, but nothing else.",
    fix: "Give a value that the schema allows, or make the field optional.",
  },
  "model/name-collision": {
    severity: "error",
    exit: "config",
    why: "Types and constants of the emitted code are named after fields, and two names turned out the same.",
    fix: "Rename one of the fields.",
  },
  "model/not-a-schema": {
    severity: "error",
    exit: "config",
    why: "sessgen reads schemas of Zod 3 and Zod 4.",
    fix: "Pass a z.object() of zod as `schema`.",
  },
  "model/not-an-object": {
    severity: "error",
    exit: "config",
    why: "A session has named fields, so its schema is an object.",
    fix: "Wrap the schema: z.object({ name: … }).",
  },
  "model/no-index": {
    severity: "error",
    exit: "config",
    why: "Sessions are to be found by a field, and one of the backends cannot do that.",
    fix: "Choose another backend, or take `index` away from the field.",
  },
  "model/policy-mismatch": {
    severity: "error",
    exit: "config",
    why: "A policy of `fields` does not fit the type of the field it is given to.",
    fix: "Change the policy or the field's type as the message says.",
  },
  "model/refinement-not-run": {
    severity: "warning",
    exit: "ok",
    why: "A refinement is a function, which cannot be compiled into the emitted code.",
    fix: "Set `schemaModule` to the module that exports the schema, and the emitted setters run it.",
  },
  "model/reserved-name": {
    severity: "error",
    exit: "config",
    why: "Members that begin with $ are the session's own; toJSON, _permanent and the members of every object are taken, too.",
    fix: "Give the field another name.",
  },
  "model/unchecked-default": {
    severity: "warning",
    exit: "ok",
    why: "Zod 4 gives a default out without asking the schema, which refuses it when it is assigned. Setters take it, so that what was read can be assigned again.",
    fix: 'Give a default that the schema allows, or let the schema allow it: z.email().or(z.literal("")).',
  },
  "model/unfit-for-framework": {
    severity: "error",
    exit: "config",
    why: "The options of a framework's glue expect something of the schema's fields that they do not have.",
    fix: "Change the field as the message says, or the framework's options.",
  },
  "model/unknown-field": {
    severity: "error",
    exit: "config",
    why: "`fields` gives a policy to something the schema does not have.",
    fix: "Correct the name, or add the field to the schema.",
  },
  "model/unsupported-type": {
    severity: "error",
    exit: "config",
    why: "A session is stored as bytes, and only data survives that.",
    fix: "Use a type that can be stored; docs/schema.md lists them.",
  },
} as const;
