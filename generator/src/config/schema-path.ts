/** A schema of Zod 4 or Zod 3, of whichever copy. */
export type AnySchema = { readonly _zod: { readonly output: unknown } } | { readonly _output: unknown };

/** What a schema gives after parsing. */
export type SchemaOutput<Schema> = Schema extends { readonly _zod: { readonly output: infer Output } }
  ? Output
  : Schema extends { readonly _output: infer Output }
    ? Output
    : never;

/** Types that have no fields of their own. */
type Leaf =
  | string
  | number
  | bigint
  | boolean
  | symbol
  | null
  | undefined
  | Date
  | Uint8Array
  | readonly unknown[]
  | ReadonlySet<unknown>
  | ReadonlyMap<unknown, unknown>;

/** The fields of a type and of the objects in it, as `user` and `user.id`; four levels deep. */
export type SchemaPath<T, Depth extends readonly unknown[] = []> = Depth["length"] extends 4
  ? never
  : T extends Leaf
    ? never
    : T extends object
      ? {
          [K in keyof T & string]:
            | K
            | `${K}.${SchemaPath<Exclude<T[K], undefined | null>, [...Depth, unknown]>}`;
        }[keyof T & string]
      : never;
