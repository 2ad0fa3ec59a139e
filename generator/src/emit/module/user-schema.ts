import type { CodeFile } from "../../code/code-file.js";
import type { Field, RefinementKind, SessionModel } from "../../model/model.js";
import type { Emission } from "./emission.js";

/** What changes a value, or makes one of another. */
const changes: ReadonlySet<RefinementKind> = new Set(["overwrite", "coercion", "default", "catch"]);

/** What judges a value, as a function. */
const judges: ReadonlySet<RefinementKind> = new Set(["refinement", "pipe"]);

/** Tells whether the field's check asks the application's own schema. */
export function isJudged(model: SessionModel, field: Field): boolean {
  return hangsOn(model, field, judges);
}

/**
 * Tells whether setters hand values to the application's own schema, and take what it makes of
 * them.
 */
export function isConverted(model: SessionModel, field: Field): boolean {
  return hangsOn(model, field, changes);
}

/** Tells whether the schema judges the session as a whole. */
export function isJudgedWhole(model: SessionModel): boolean {
  return model.refinements.some(({ path, kind }) => path === "" && judges.has(kind));
}

/** Tells whether the emitted code needs the application's own schema. */
export function usesSchema(model: SessionModel): boolean {
  return (
    isJudgedWhole(model) || model.fields.some((field) => isJudged(model, field) || isShared(model, field))
  );
}

/** Tells whether other files than that of the checks need it. */
export function sharesSchema(model: SessionModel): boolean {
  return isJudgedWhole(model) || model.fields.some((field) => isShared(model, field));
}

/** Gives the schema, in a file that is not that of the checks. */
export function useSchema(file: CodeFile, emission: Emission): string {
  return file.use(emission.file("checks"), "schema");
}

function isShared(model: SessionModel, field: Field): boolean {
  const isAsked = field.default?.kind === "asked" || field.catch?.kind === "asked";
  return isAsked || isConverted(model, field);
}

function hangsOn(model: SessionModel, { name }: Field, kinds: ReadonlySet<RefinementKind>): boolean {
  return model.refinements.some(
    ({ path, kind }) =>
      kinds.has(kind) && (path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`)),
  );
}
