/** A schema of Zod 4 or Zod 3, of whichever copy. */
export type AnySchema = { readonly _zod: { readonly output: unknown } } | { readonly _output: unknown };

/** What a schema gives after parsing. */
export type SchemaOutput<Schema> = Schema extends { readonly _zod: { readonly output: infer Output } }
  ? Output
  : Schema extends { readonly _output: infer Output }
    ? Output
    : never;

/** Types that have no fields of their own. */
type Leaf = string | number | bigint | boolean | symbol | null | undefined | Date | Uint8Array;

/** What lists and the like hold. */
type Held<T> = T extends readonly (infer Item)[]
  ? Item
  : T extends ReadonlySet<infer Item>
    ? Item
    : T extends ReadonlyMap<unknown, infer Item>
      ? Item
      : never;

/** The paths that begin with one that leads to such a value. */
type Beyond<Path extends string, T, Depth extends readonly unknown[]> = Depth["length"] extends 4
  ? never
  : T extends Leaf
    ? never
    : T extends readonly unknown[] | ReadonlySet<unknown> | ReadonlyMap<unknown, unknown>
      ?
          | `${Path}[]`
          | Beyond<
              `${Path}[]`,
              Exclude<Held<T>, undefined | null>,
              Held<T> extends readonly unknown[] ? [...Depth, unknown] : Depth
            >
      : `${Path}.${SchemaPath<T, Depth>}`;

/**
 * The fields of a type and of what is in it, as `user`, `user.id` and `cart[].sku`; four levels
 * deep.
 */
export type SchemaPath<T, Depth extends readonly unknown[] = []> = Depth["length"] extends 4
  ? never
  : T extends Leaf
    ? never
    : T extends object
      ? {
          [K in keyof T & string]: K | Beyond<K, Exclude<T[K], undefined | null>, [...Depth, unknown]>;
        }[keyof T & string]
      : never;
