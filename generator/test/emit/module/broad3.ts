import { z } from "zod-3";

/** Everything a session can hold, as Zod 3 says it. */

interface Tree {
  name: string;
  children: Tree[];
}
const Tree: z.ZodType<Tree> = z.lazy(() => z.object({ name: z.string(), children: z.array(Tree) }));
enum Level {
  Low = 1,
  High = 2,
}

export const broadSchema3 = z.object({
  text: z.string().min(1).max(20).describe("Any text."),
  email: z.string().email(),
  id: z.string().uuid(),
  ip: z.string().ip(),
  ratio: z.number(),
  finite: z.number().finite(),
  count: z.number().int().min(0).max(99).default(0),
  big: z.bigint().positive(),
  flag: z.boolean(),
  nothing: z.null(),
  when: z.date(),
  blob: z.instanceof(Uint8Array),
  anything: z.unknown(),
  one: z.literal("one"),
  odd: z.union([z.literal(1n), z.literal("x"), z.literal(null)]),
  theme: z.enum(["light", "dark"]).default("light"),
  level: z.nativeEnum(Level),
  user: z
    .object({
      id: z.string().uuid(),
      nick: z.string().optional(),
      note: z.string().nullish(),
      score: z.number().catch(0),
      roles: z.array(z.enum(["admin", "member"])).readonly(),
    })
    .optional(),
  strict: z.object({ a: z.string(), b: z.number().optional() }).strict(),
  loose: z.object({ b: z.number() }).passthrough(),
  dates: z.object({ first: z.date() }).catchall(z.date()),
  list: z.array(z.string()).min(1).max(3),
  holes: z.array(z.string().nullable()),
  gaps: z.array(z.number().optional()),
  pair: z.tuple([z.string(), z.date()]),
  rest: z.tuple([z.string()]).rest(z.boolean()),
  record: z.record(z.number()),
  some: z.record(z.enum(["a", "b"]), z.boolean()),
  map: z.map(z.string(), z.number()),
  set: z.set(z.string()).max(2),
  either: z.union([z.string(), z.number(), z.null()]),
  ambiguous: z.union([z.object({ a: z.string() }), z.object({ b: z.date() })]),
  pet: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("cat"), lives: z.number().int() }),
    z.object({ kind: z.enum(["dog", "wolf"]), tricks: z.array(z.string()) }),
  ]),
  merged: z.intersection(z.object({ a: z.string() }), z.object({ b: z.date().optional() })),
  branded: z.string().brand("Id"),
  maybe: z.string().optional(),
  maybeBoth: z.date().nullish(),
  tree: Tree,
});
