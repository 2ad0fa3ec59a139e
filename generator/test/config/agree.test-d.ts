// Compiled, not run: what `agree` lets through, and what it refuses.
import { z } from "zod";
import { agree } from "../../src/config/agree.js";
import { envReference, text } from "../../src/config/option-values.js";
import type { EnvReference } from "../../src/index.js";

interface Shelf {
  readonly kind: "shelf";
  readonly room?: "cellar" | "attic";
  readonly labels: readonly [string | EnvReference, ...(string | EnvReference)[]];
  readonly at?: { readonly floor: number; readonly key?: EnvReference };
}

const shape = {
  kind: z.literal("shelf"),
  room: z.enum(["cellar", "attic"]).optional(),
  labels: z.array(text).min(1),
  at: z.strictObject({ floor: z.int(), key: envReference.optional() }).optional(),
};

agree<Shelf>()(z.strictObject(shape));
agree<Shelf>()(z.strictObject(shape).refine(() => true));
// @ts-expect-error: an option that the interface does not have
agree<Shelf>()(z.strictObject({ ...shape, colour: z.string().optional() }));
// @ts-expect-error: one that the schema does not have
agree<Shelf>()(z.strictObject({ ...shape, room: undefined }));
// @ts-expect-error: also where it is optional
agree<Shelf & { readonly colour?: string }>()(z.strictObject(shape));
// @ts-expect-error: a value of the interface's is missing
agree<Shelf>()(z.strictObject({ ...shape, room: z.enum(["cellar"]).optional() }));
// @ts-expect-error: one too many
agree<Shelf>()(z.strictObject({ ...shape, room: z.enum(["cellar", "attic", "hall"]).optional() }));
// @ts-expect-error: the interface says that it has to be there
agree<Shelf>()(z.strictObject({ ...shape, labels: shape.labels.optional() }));
// @ts-expect-error: the environment is left out
agree<Shelf>()(z.strictObject({ ...shape, labels: z.array(z.string()).min(1) }));
// @ts-expect-error: deep inside
agree<Shelf>()(z.strictObject({ ...shape, at: z.strictObject({ floor: z.int() }).optional() }));
