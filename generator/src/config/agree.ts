import type { ZodType, z } from "zod";

/**
 * A type without what an interface says more exactly than Zod: `readonly`, "not empty", "absent
 * rather than undefined".
 */
type Plain<T> = T extends readonly (infer Item)[]
  ? Plain<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Plain<Exclude<T[Key], undefined>> }
    : T;

type Same<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;

/** What stands in the compiler's error where {@link agree} finds a difference. */
interface Differ<Interface, Schema> {
  readonly "the interface": Interface;
  readonly "differs from the schema": Schema;
}

/**
 * Lets a schema through that takes what the interface says, and nothing else: the compiler refuses
 * every other one. The interface is what editors show, with its comments; the schema is what runs.
 *
 * @example
 * ```ts
 * export const options: ZodType<ShelfBackend> = agree<ShelfBackend>()(
 *   z.strictObject({ kind: z.literal("shelf") }),
 * );
 * ```
 */
export function agree<Interface>(): <Schema extends ZodType>(
  schema: Schema &
    (Same<Plain<z.output<Schema>>, Plain<Interface>> extends true
      ? unknown
      : Differ<Plain<Interface>, Plain<z.output<Schema>>>),
) => ZodType<Interface> {
  return (schema) => schema as unknown as ZodType<Interface>;
}
