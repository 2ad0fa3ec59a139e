// Takes the place of `node:util` where there is none.

/** What the text of an object is, for a console that does not ask for one. */
function inspectValue(value: unknown): string {
  return JSON.stringify(value);
}

export const inspect: typeof inspectValue & { readonly custom: symbol } = Object.assign(inspectValue, {
  custom: Symbol.for("nodejs.util.inspect.custom"),
});
