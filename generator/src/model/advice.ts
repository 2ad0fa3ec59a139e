/** What to do with a conversion. */
export const convertOutside = "Store what goes in or what comes out, and convert where you use it.";

/** What to do with a text that stands for a boolean. */
export const booleanInstead =
  "Use z.boolean(), and convert where the text comes in: session.on = z.stringbool().parse(text).";

/** Gives what to use in place of a type that cannot be stored. */
export function insteadOf(type: string): string {
  switch (type) {
    case "transform":
      return convertOutside;
    case "function":
    case "promise":
    case "symbol":
      return "Store the data it is made from.";
    case "file":
      return "Store the file elsewhere and its name or key in the session.";
    case "nan":
    case "void":
      return "Leave the field out, or use z.null().";
    default:
      return "Use one of the types that docs/schema.md lists.";
  }
}

/** Classes that Zod, or a text, says better: how to make one, and what to use for it. */
const classes: readonly (readonly [make: () => object, advice: string])[] = [
  [() => new Date(0), "Use z.date()."],
  [() => new Map(), "Use z.map()."],
  [() => new Set(), "Use z.set()."],
  [() => new URL("http://localhost"), "Store its text: z.url(), or z.string().url() in Zod 3."],
  [() => /./, "Store its source: z.string()."],
  [() => new ArrayBuffer(0), "Store its bytes: z.instanceof(Uint8Array)."],
  [() => new Float64Array(0), "Store a list, z.array(z.number()), or its bytes: z.instanceof(Uint8Array)."],
  [() => new Error(), "Store its message: z.string()."],
];

/**
 * Gives what to use in place of a class.
 * @param accepts - whether the schema lets a value through
 */
export function insteadOfClass(accepts: (value: unknown) => boolean): string {
  const known = accepts({}) ? undefined : classes.find(([make]) => accepts(make()));
  return (
    known?.[1] ?? "Describe the data with z.object(); of classes, only Uint8Array and Buffer can be stored."
  );
}

/** Changes of a text that Zod has a name for. */
const named: readonly (readonly [string, (text: string) => string])[] = [
  [".trim()", (text) => text.trim()],
  [".toLowerCase()", (text) => text.toLowerCase()],
  [".toUpperCase()", (text) => text.toUpperCase()],
  [".trim().toLowerCase()", (text) => text.trim().toLowerCase()],
  [".trim().toUpperCase()", (text) => text.trim().toUpperCase()],
];

const samples: readonly string[] = [" aB c\n", "", "ÄöÜ", "x"];

/**
 * Gives what to use in place of a transform: the method that does the same, or what keeps the type
 * where the transform does.
 */
export function transformAdvice(zod: 3 | 4, transform: (value: unknown) => unknown): string {
  const results = samples.map((sample) => {
    try {
      return transform(sample);
    } catch {
      return undefined;
    }
  });
  const method = named.find(([, change]) =>
    samples.every((sample, index) => results[index] === change(sample)),
  );
  if (method !== undefined) return `Use ${method[0]}, which keeps the type.`;
  if (zod === 4 && results.every((result) => typeof result === "string")) {
    return "If it keeps the type, use .overwrite(); else store what goes in or what comes out, and convert where you use it.";
  }
  return convertOutside;
}
