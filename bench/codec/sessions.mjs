// Five sessions as applications have them. Each has a schema for sessgen, a value, and the field
// that is read when one is.

const day = 86_400_000;
const now = Date.UTC(2026, 4, 12, 9, 41, 7, 212);

/** Text as random bytes make it: no encoder can make less of it than its bytes. */
function token(bytes, seed) {
  let state = seed;
  const random = Uint8Array.from({ length: bytes }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
  return Buffer.from(random).toString("base64url");
}

/** A signed token as an identity provider gives it out. */
function jwt(claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "ES256", typ: "JWT", kid: "2026-04" })}.${part(claims)}.${token(64, 99)}`;
}

const login = {
  name: "login",
  field: "user",
  schema: `z.object({
    user: z.object({
      id: z.uuid(), name: z.string(), email: z.email(), roles: z.array(z.enum(["member", "editor", "admin"])), avatar: z.url().optional(),
    }).optional(),
    csrf: z.string(),
    signedInAt: z.date(),
    visits: z.int(),
    theme: z.enum(["light", "dark", "system"]),
    locale: z.string(),
  })`,
  value: {
    user: {
      id: "5e0bb1c4-6f4f-4d8e-9a51-6f8d5a0a3c11",
      name: "Ada Lovelace",
      email: "ada.lovelace@example.com",
      roles: ["member", "admin"],
    },
    csrf: token(32, 1),
    signedInAt: new Date(now),
    visits: 17,
    theme: "dark",
    locale: "en-GB",
  },
};

const cart = {
  name: "cart",
  field: "currency",
  schema: `z.object({
    customer: z.uuid(),
    currency: z.enum(["EUR", "GBP", "USD"]),
    items: z.array(z.object({
      sku: z.string(), title: z.string(), quantity: z.int(), price: z.number(), gift: z.boolean(),
    })),
    coupon: z.string().optional(),
    shipping: z.object({ method: z.enum(["standard", "express", "pickup"]), country: z.string(), zip: z.string() }).optional(),
    updatedAt: z.date(),
  })`,
  value: {
    customer: "0190163d-8694-739b-aea5-966c26f8ad91",
    currency: "EUR",
    items: [
      { sku: "BK-20417", title: "The Analytical Engine", quantity: 1, price: 24.9, gift: false },
      { sku: "MG-00231", title: "Mug, blue", quantity: 2, price: 11.5, gift: false },
      { sku: "TS-33810-L", title: "T-shirt, organic cotton", quantity: 3, price: 19.99, gift: true },
      { sku: "PN-70012", title: "Fountain pen", quantity: 1, price: 149, gift: true },
    ],
    coupon: "SPRING26",
    shipping: { method: "express", country: "DE", zip: "10115" },
    updatedAt: new Date(now + 5 * 60_000),
  },
};

const oauth = {
  name: "OAuth tokens",
  field: "accessToken",
  schema: `z.object({
    provider: z.enum(["google", "github", "entra"]),
    subject: z.string(),
    accessToken: z.string(),
    refreshToken: z.string(),
    idToken: z.string(),
    tokenType: z.literal("Bearer"),
    expiresAt: z.date(),
    scopes: z.array(z.enum(["openid", "profile", "email", "offline_access", "calendar.read"])),
    state: z.string().optional(),
  })`,
  value: {
    provider: "entra",
    subject: "a5c1e8c2-31f5-4a8a-9b43-6b1d3f6f2f07",
    accessToken: token(48, 7),
    refreshToken: token(48, 8),
    idToken: jwt({
      iss: "https://id.example.com",
      sub: "a5c1e8c2-31f5-4a8a-9b43-6b1d3f6f2f07",
      aud: "shop",
      exp: 1_778_582_467,
      iat: 1_778_578_867,
    }),
    tokenType: "Bearer",
    expiresAt: new Date(now - 212 + 3_600_000),
    scopes: ["openid", "profile", "email", "offline_access"],
  },
};

const flags = Array.from({ length: 24 }, (_, index) => `flag${index}`);
const counters = Array.from({ length: 24 }, (_, index) => `counter${index}`);
const notes = Array.from({ length: 12 }, (_, index) => `note${index}`);

export const wide = {
  name: "wide and sparse",
  field: "counter9",
  schema: `z.object({
    ${flags.map((name) => `${name}: z.boolean().optional(),`).join(" ")}
    ${counters.map((name) => `${name}: z.int().optional(),`).join(" ")}
    ${notes.map((name) => `${name}: z.string().optional(),`).join(" ")}
  })`,
  names: { flags, counters, notes },
  value: {
    flag0: true,
    flag3: false,
    flag7: true,
    flag11: true,
    flag20: false,
    counter1: 3,
    counter2: 1204,
    counter9: 86_400,
    counter15: 1,
    counter22: 250,
    note0: "asked for a call",
    note8: "newsletter, monthly",
  },
};

const deep = {
  name: "deep",
  field: "step",
  schema: `z.object({
    organisation: z.object({
      id: z.uuid(),
      plan: z.enum(["free", "team", "enterprise"]),
      workspace: z.object({
        slug: z.string(),
        settings: z.object({
          editor: z.object({ font: z.string(), size: z.int(), wrap: z.boolean(), ruler: z.int().nullable() }),
          notifications: z.object({ email: z.boolean(), push: z.boolean(), quiet: z.object({ from: z.string(), to: z.string() }).optional() }),
          shortcuts: z.record(z.string(), z.string()),
        }),
        recent: z.array(z.object({
          kind: z.enum(["page", "board", "file"]), id: z.uuid(), opened: z.date(),
          position: z.object({ x: z.number(), y: z.number(), zoom: z.number() }),
        })),
      }),
    }),
    step: z.int(),
  })`,
  value: {
    step: 3,
    organisation: {
      id: "7f2c6a58-0b7e-4d0c-8f63-2c8f8c1f5b1a",
      plan: "team",
      workspace: {
        slug: "research",
        settings: {
          editor: { font: "JetBrains Mono", size: 14, wrap: true, ruler: null },
          notifications: { email: true, push: false, quiet: { from: "22:00", to: "07:30" } },
          shortcuts: { save: "mod+s", search: "mod+k", close: "mod+w" },
        },
        recent: [
          {
            kind: "board",
            id: "3d0f1c9e-95a1-4b0b-a3c5-0f1b7e4c2d88",
            opened: new Date(now - day),
            position: { x: 120.5, y: -48, zoom: 1.25 },
          },
          {
            kind: "page",
            id: "c1b0a6f2-6a5d-4e0e-8a3b-5d7f3a9e1c42",
            opened: new Date(now - 3 * day),
            position: { x: 0, y: 1310, zoom: 1 },
          },
        ],
      },
    },
  },
};

export const sessions = [login, cart, oauth, wide, deep];

/** What a session needs beside its fields. */
export const envelope = { createdAt: Math.floor(now / 1000) * 1000, permanent: true };
