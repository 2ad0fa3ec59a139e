import { SessionError } from "../../errors.js";

/**
 * What a module of the application's exports by default; twice, where CommonJS is imported as an ES
 * module.
 */
interface DefaultExport<T> {
  readonly default: T | { readonly default: T };
}

/**
 * An object of the application's, or a function that gives it, or imports the module that exports
 * it, at the first use.
 */
export type Given<T extends object> = T | (() => T | Promise<T | DefaultExport<T>>);

/**
 * Gives the object itself.
 * @param kind - the store's kind, for messages
 * @param members - the object has one of them, and a module has not
 * @throws SessionError `store/unavailable` when there is no such object; `store/failed-module` when
 *   the module that has it failed, and will not be loaded again; what the function throws
 */
export async function givenBy<T extends object>(
  given: Given<T>,
  kind: string,
  ...members: readonly string[]
): Promise<T> {
  const isIt = (value: object): value is T => members.some((member) => member in value);
  // Some clients are functions themselves.
  let value: unknown = typeof given === "function" && !isIt(given) ? await called(given, kind) : given;
  while ((typeof value === "object" && value !== null) || typeof value === "function") {
    if (isIt(value)) return value;
    value = Reflect.get(value, "default");
  }
  throw new SessionError(
    "store/unavailable",
    `What the ${kind} store was given has no ${members.join(" or ")}, and no default export that has`,
  );
}

/** What functions have failed with, the last time. */
const failures = new WeakMap<() => unknown, object>();

/**
 * Calls the function. Whatever connects, and fails, makes another error each time: the very same
 * one comes from a module whose top-level `await` failed, which is remembered for as long as the
 * process runs.
 */
async function called<T>(given: () => T, kind: string): Promise<Awaited<T>> {
  try {
    return await given();
  } catch (cause) {
    const again = typeof cause === "object" && cause !== null && failures.get(given) === cause;
    if (again) {
      const summary = `The module that the ${kind} store gets its client from failed when it was loaded, and is not loaded again`;
      throw new SessionError("store/failed-module", summary, { cause });
    }
    if (typeof cause === "object" && cause !== null) failures.set(given, cause);
    throw cause;
  }
}
