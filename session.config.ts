import { defineConfig } from "sessgen";
import { z } from "zod";

/** What the quickstart and the Express example run on. */
export default defineConfig({
  schema: z.object({
    user: z
      .object({ id: z.uuid(), name: z.string().max(80), roles: z.array(z.enum(["admin", "member"])) })
      .optional()
      .describe("Who is logged in."),
    cart: z
      .array(z.object({ sku: z.string().max(40), quantity: z.int().positive().max(99) }))
      .default([])
      .describe("What the user is about to buy."),
    visits: z.int().default(0).describe("How many pages the session has seen."),
    theme: z.enum(["light", "dark"]).default("light"),
    notice: z.string().max(200).optional().describe("Shown on the next page, once."),
    device: z.string().max(80).optional().describe("Where the user has logged in."),
  }),
  fields: {
    user: { regenerate: "on-change", identity: "id" },
    cart: { merge: { union: "sku" } },
    visits: { merge: "counter" },
    notice: { flash: true },
    "user.id": { index: true },
    device: { list: true },
  },
  backend: { kind: "sqlite", file: ".data/sessions.db" },
  // The cookie keeps its defaults (__Host-, Secure): browsers take localhost for secure even over plain HTTP.
  lifetime: { idle: "30m", absolute: "12h", permanent: { idle: "31d", absolute: "90d" } },
  frameworks: ["express"],
  output: "examples/express/src/session",
  infrastructure: "examples/express/session-infra",
});
