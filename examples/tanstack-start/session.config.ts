import { defineConfig } from "sessgen";
import { z } from "zod";

export default defineConfig({
  schema: z.object({
    user: z
      .object({ id: z.uuid(), name: z.string().max(80), roles: z.array(z.enum(["admin", "member"])) })
      .optional(),
    cart: z.array(z.object({ sku: z.string().max(40), quantity: z.int().positive().max(99) })).default([]),
    visits: z.int().default(0),
    notice: z.string().max(200).optional(),
    device: z.string().max(80).optional(),
  }),
  fields: {
    user: { regenerate: "on-change", identity: "id" }, // a new session id at login and logout
    "user.id": { index: true }, // for the list of devices, and to log out everywhere
    cart: { merge: { union: "sku" } }, // two requests at once lose nothing
    visits: { merge: "counter" },
    notice: { flash: true }, // shown once
    device: { list: true },
  },
  backend: { kind: "sqlite", file: ".data/sessions.db" },
  frameworks: ["tanstack-start"],
});
