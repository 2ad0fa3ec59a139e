import { defineConfig } from "sessgen";
import { z } from "zod";

export default defineConfig({
  schema: z.object({
    user: z.object({ id: z.string().max(80), name: z.string().max(80) }).optional(),
    messages: z.int().default(0),
  }),
  fields: {
    user: { regenerate: "on-change", identity: "id" }, // a new session id at login and logout
    "user.id": { index: true }, // to log out everywhere
    messages: { merge: "counter" },
  },
  backend: { kind: "sqlite", file: ".data/sessions.db" },
  frameworks: ["node", "ws"],
});
