import { type ZodType, z } from "zod";
import { agree } from "../agree.js";

/** A way sessions travel. */
export type Transport = "cookie" | "bearer" | { readonly header: string };

const one = z.union([
  z.enum(["cookie", "bearer"]),
  z.strictObject({ header: z.string().regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/) }),
]);

/** One or several of them, as they are written in the config. */
export const transport: ZodType<Transport | readonly Transport[]> = agree<Transport | readonly Transport[]>()(
  z.union([one, z.array(one).min(1)], {
    error: 'expected "cookie", "bearer", { header: "x-session-id" } or a list of these',
  }),
);
