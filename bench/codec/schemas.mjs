// What avsc and protobuf-es have to know of the sessions, as their users would write it.
import { wide } from "./sessions.mjs";

const { flags, counters, notes } = wide.names;

const date = { type: "long", logicalType: "timestamp-millis" };
const optional = (type) => ["null", type];
const record = (name, fields) => ({
  type: "record",
  name,
  fields: Object.entries(fields).map(([field, type]) =>
    Array.isArray(type) ? { name: field, type, default: null } : { name: field, type },
  ),
});
const symbols = (name, ...members) => ({ type: "enum", name, symbols: members });
const list = (items) => ({ type: "array", items });
const session = (fields) =>
  record("Session", {
    schema: { type: "fixed", name: "Identity", size: 6 },
    createdAt: "long",
    permanent: "boolean",
    ...fields,
  });

/** Avro's schemas, by the session's name. */
export const avro = {
  login: session({
    user: optional(
      record("User", {
        id: "string",
        name: "string",
        email: "string",
        roles: list(symbols("Role", "member", "editor", "admin")),
        avatar: optional("string"),
      }),
    ),
    csrf: "string",
    signedInAt: date,
    visits: "int",
    theme: symbols("Theme", "light", "dark", "system"),
    locale: "string",
  }),
  cart: session({
    customer: "string",
    currency: symbols("Currency", "EUR", "GBP", "USD"),
    items: list(
      record("Item", { sku: "string", title: "string", quantity: "int", price: "double", gift: "boolean" }),
    ),
    coupon: optional("string"),
    shipping: optional(
      record("Shipping", {
        method: symbols("Method", "standard", "express", "pickup"),
        country: "string",
        zip: "string",
      }),
    ),
    updatedAt: date,
  }),
  "OAuth tokens": session({
    provider: symbols("Provider", "google", "github", "entra"),
    subject: "string",
    accessToken: "string",
    refreshToken: "string",
    idToken: "string",
    tokenType: symbols("TokenType", "Bearer"),
    expiresAt: date,
    // Symbols have no dots.
    scopes: list("string"),
    state: optional("string"),
  }),
  "wide and sparse": session({
    ...Object.fromEntries(flags.map((name) => [name, optional("boolean")])),
    ...Object.fromEntries(counters.map((name) => [name, optional("int")])),
    ...Object.fromEntries(notes.map((name) => [name, optional("string")])),
  }),
  deep: session({
    organisation: record("Organisation", {
      id: "string",
      plan: symbols("Plan", "free", "team", "enterprise"),
      workspace: record("Workspace", {
        slug: "string",
        settings: record("Settings", {
          editor: record("Editor", { font: "string", size: "int", wrap: "boolean", ruler: optional("int") }),
          notifications: record("Notifications", {
            email: "boolean",
            push: "boolean",
            quiet: optional(record("Quiet", { from: "string", to: "string" })),
          }),
          shortcuts: { type: "map", values: "string" },
        }),
        recent: list(
          record("Recent", {
            kind: symbols("Kind", "page", "board", "file"),
            id: "string",
            opened: date,
            position: record("Position", { x: "double", y: "double", zoom: "double" }),
          }),
        ),
      }),
    }),
    step: "int",
  }),
};

const fields = (start, type, names) =>
  names.map((name, index) => `optional ${type} ${name} = ${start + index};`);
const head = "bytes schema = 1; int64 created_at = 2; bool permanent = 3;";

/** The same for protobuf: its text, and where an enum or a date stands, which it has as numbers. */
export const protobuf = {
  login: {
    message: "Login",
    text: `message Login { ${head} LoginUser user = 4; string csrf = 5; int64 signedInAt = 6; int32 visits = 7; Theme theme = 8; string locale = 9; }
enum Theme { LIGHT = 0; DARK = 1; SYSTEM = 2; } enum Role { MEMBER = 0; EDITOR = 1; ADMIN = 2; }
message LoginUser { string id = 1; string name = 2; string email = 3; repeated Role roles = 4; optional string avatar = 5; }`,
    enums: { theme: ["light", "dark", "system"], roles: ["member", "editor", "admin"] },
  },
  cart: {
    message: "Cart",
    text: `message Cart { ${head} string customer = 4; Currency currency = 5; repeated Item items = 6; optional string coupon = 7; Shipping shipping = 8; int64 updatedAt = 9; }
enum Currency { EUR = 0; GBP = 1; USD = 2; } enum Method { STANDARD = 0; EXPRESS = 1; PICKUP = 2; }
message Item { string sku = 1; string title = 2; int32 quantity = 3; double price = 4; bool gift = 5; }
message Shipping { Method method = 1; string country = 2; string zip = 3; }`,
    enums: { currency: ["EUR", "GBP", "USD"], method: ["standard", "express", "pickup"] },
  },
  "OAuth tokens": {
    message: "Oauth",
    text: `message Oauth { ${head} Provider provider = 4; string subject = 5; string accessToken = 6; string refreshToken = 7; string idToken = 8; TokenType tokenType = 9; int64 expiresAt = 10; repeated Scope scopes = 11; optional string state = 12; }
enum Provider { GOOGLE = 0; GITHUB = 1; ENTRA = 2; } enum TokenType { BEARER = 0; } enum Scope { OPENID = 0; PROFILE = 1; EMAIL = 2; OFFLINE = 3; CALENDAR = 4; }`,
    enums: {
      provider: ["google", "github", "entra"],
      tokenType: ["Bearer"],
      scopes: ["openid", "profile", "email", "offline_access", "calendar.read"],
    },
  },
  "wide and sparse": {
    message: "Wide",
    text: `message Wide { ${head} ${[...fields(4, "bool", flags), ...fields(40, "int32", counters), ...fields(80, "string", notes)].join(" ")} }`,
    enums: {},
  },
  deep: {
    message: "Deep",
    text: `message Deep { ${head} Organisation organisation = 4; int32 step = 5; }
enum Plan { FREE = 0; TEAM = 1; ENTERPRISE = 2; } enum Kind { PAGE = 0; BOARD = 1; FILE = 2; }
message Organisation { string id = 1; Plan plan = 2; Workspace workspace = 3; }
message Workspace { string slug = 1; Settings settings = 2; repeated Recent recent = 3; }
message Settings { Editor editor = 1; Notifications notifications = 2; map<string, string> shortcuts = 3; }
message Editor { string font = 1; int32 size = 2; bool wrap = 3; optional int32 ruler = 4; }
message Notifications { bool email = 1; bool push = 2; Quiet quiet = 3; }
message Quiet { string from = 1; string to = 2; }
message Recent { Kind kind = 1; string id = 2; int64 opened = 3; Position position = 4; }
message Position { double x = 1; double y = 2; double zoom = 3; }`,
    enums: { plan: ["free", "team", "enterprise"], kind: ["page", "board", "file"] },
  },
};
