import { type ZodType, z } from "zod";
import { agree } from "../../config/agree.js";

/** Glue for Express that is set up. */
export interface ExpressGlue {
  readonly name: "express";
  /**
   * `"express-session"`: `request.session` is, besides what it is anyway, what middleware written
   * for express-session takes for one of its own: passport, connect-flash, csurf. See
   * docs/express-session.md.
   */
  readonly compat?: "express-session";
  /**
   * With `compat`: the field that keeps what middleware puts into sessions and the schema does not
   * name, such as `middleware: z.record(z.string(), z.unknown()).default({})`. Without it, such
   * names are refused.
   */
  readonly bag?: string;
}

/** The options, as they are written in the config. */
export const options: ZodType<ExpressGlue> = agree<ExpressGlue>()(
  z
    .strictObject({
      name: z.literal("express"),
      compat: z.literal("express-session").optional(),
      bag: z.string().optional(),
    })
    .refine(({ compat, bag }) => bag === undefined || compat !== undefined, {
      path: ["bag"],
      error: 'it is for compat: "express-session"',
    }),
);
