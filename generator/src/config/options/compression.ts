import { type ZodType, z } from "zod";
import { agree } from "../agree.js";

/** How sessions are compressed in the store. */
export interface CompressionOptions {
  /** Payloads of more bytes are compressed, where that makes them smaller. Default 1024. */
  readonly above?: number;
}

/** The same, as it is written in the config. */
export const compression: ZodType<true | CompressionOptions> = agree<true | CompressionOptions>()(
  z.union([z.literal(true), z.strictObject({ above: z.int().nonnegative().optional() })], {
    error: "expected true or { above: 1024 }",
  }),
);

/** From how many bytes on it is worth the time. */
const ABOVE = 1024;

/** Fills in the default. */
export function resolveCompression(given: true | CompressionOptions): { readonly above: number } {
  return { above: given === true ? ABOVE : (given.above ?? ABOVE) };
}
