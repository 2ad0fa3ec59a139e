import { describe, expect, it } from "vitest";
import type { SessionsOptions } from "../../../src/index.js";
import { encryptWith } from "../../../src/session/records/encryption.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import type { SessionStore } from "../../../src/stores/store.js";
import { fakeClock } from "../../../src/testing/index.js";
import { keyOf, tag, visit } from "../support/fixture.js";
import { sessionsOf } from "../support/lookup-stores.js";

const HOUR = 3_600_000;

/** A store that tells whether its sessions were read whole. */
function telling(store: SessionStore) {
  const asked = { whole: 0, beginnings: 0 };
  const told: SessionStore = Object.create(store, {
    findByIndex: {
      value: (...args: Parameters<NonNullable<SessionStore["findByIndex"]>>) => {
        asked.whole += 1;
        return store.findByIndex?.(...args);
      },
    },
    findBeginnings: {
      value: (...args: Parameters<NonNullable<SessionStore["findBeginnings"]>>) => {
        asked.beginnings += 1;
        return store.findBeginnings?.(...args);
      },
    },
  });
  for (const name of ["read", "write", "touch", "remove", "close"] as const)
    Object.defineProperty(told, name, { value: (store[name] as () => unknown).bind(store) });
  return { told, asked };
}

function setup(options: Partial<SessionsOptions> = {}) {
  const clock = fakeClock();
  const { told: store, asked } = telling(memoryStore({ clock }));
  const sessions = sessionsOf(store, { clock, ...options });
  const login = (name: string, permanent = false) =>
    visit(sessions, undefined, (session) => {
      session.user = name;
      session.$permanent = permanent;
    });
  return { clock, store, asked, sessions, login };
}

type Setup = ReturnType<typeof setup>;

const beginnings = "beginnings";
const whole = "whole sessions";

interface Case {
  readonly given: {
    readonly options?: Partial<SessionsOptions>;
    /** What happens to Ada's two sessions. */
    readonly change?: (setup: Setup, cookies: readonly [string, string]) => Promise<unknown> | unknown;
  };
  /** How many are counted, and what was read for that. */
  readonly want: readonly [count: number, read: typeof beginnings | typeof whole];
}

const json = { serializer: "json" } as const;
const secrets = { encryption: encryptWith({ secrets: ["k".repeat(32)] }) } as const;
const hours = { idle: 10 * HOUR, absolute: 12 * HOUR };
const lifetime = { lifetime: { ...hours, permanent: hours } };

const cases: readonly (readonly [string, Case])[] = [
  ["sessions that go on", { given: {}, want: [2, beginnings] }],
  [
    "one that was logged out",
    {
      given: {
        change: ({ sessions }, [cookie]) => visit(sessions, cookie, (session) => session.$destroy()),
      },
      want: [1, beginnings],
    },
  ],
  [
    "one that has another user by now",
    {
      given: {
        change: ({ sessions }, [cookie]) =>
          visit(sessions, cookie, (session) => {
            session.user = "eve";
          }),
      },
      want: [1, beginnings],
    },
  ],
  [
    "one that has another id by now",
    {
      given: {
        change: ({ sessions }, [cookie]) => visit(sessions, cookie, (session) => session.$regenerate()),
      },
      want: [2, beginnings],
    },
  ],
  [
    "one that has come to its absolute end, which an older config set later",
    {
      given: {
        options: lifetime,
        change: async ({ store, clock }, [cookie]) => {
          const key = keyOf(cookie.slice(cookie.indexOf("=") + 1));
          clock.advance(9 * HOUR);
          await store.touch(key, clock() + 10 * HOUR);
          clock.advance(4 * HOUR);
        },
      },
      want: [0, beginnings],
    },
  ],
  [
    "all, when everybody is logged out",
    {
      given: { change: ({ sessions }) => sessions.revokeAll() },
      want: [0, beginnings],
    },
  ],
  [
    "what another process logged out",
    {
      given: {
        change: async ({ store, clock }) => {
          await sessionsOf(store, { clock }).revokeAll();
          clock.advance(5000);
        },
      },
      want: [0, beginnings],
    },
  ],
  ["documents", { given: { options: json }, want: [2, whole] }],
  [
    "documents of a deploy before, beside",
    {
      given: {
        change: ({ store, clock }) =>
          visit(sessionsOf(store, { clock, ...json }), undefined, (session) => {
            session.user = "ada";
          }),
      },
      want: [3, whole],
    },
  ],
  ["encrypted ones", { given: { options: secrets }, want: [2, whole] }],
  [
    "one that nobody can read, of which the store says that it has the value",
    {
      given: {
        change: ({ store, clock }) =>
          store.write(`${tag}.${"x".repeat(43)}`, Uint8Array.of(1, 2, 3), {
            expect: "absent",
            expiresAt: clock() + HOUR,
            index: { user: "ada" },
          }),
      },
      want: [3, whole],
    },
  ],
  [
    "what is no session, which a tool has entered",
    {
      given: {
        change: ({ store, clock }) =>
          store.write(`${tag}.lock-${"x".repeat(43)}`, Uint8Array.of(1, 2, 3), {
            expect: "absent",
            expiresAt: clock() + HOUR,
            index: { user: "ada" },
          }),
      },
      want: [2, beginnings],
    },
  ],
];

describe("counts", () => {
  it.each(cases)("%s", async (_name, { given, want: [count, read] }) => {
    const made = setup(given.options);
    const cookies = [await made.login("ada"), await made.login("ada")] as const;
    await made.login("eve");
    await given.change?.(made, cookies);
    Object.assign(made.asked, { whole: 0, beginnings: 0 });
    expect(await made.sessions.count("user", "ada")).toBe(count);
    expect(made.asked.whole > 0).toBe(read === whole);
    // As many as are found one by one.
    const listed = await made.sessions.list("user", "ada");
    expect(listed).toHaveLength(count);
  });
});
