import { describe, expect, it } from "vitest";
import {
  createSessions,
  type FieldDefinition,
  SessionBase,
  type SessionDefinition,
  type Sessions,
} from "../../../src/index.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import { field } from "../support/field.js";
import { application, cookieHeader, history, isString, start } from "../support/fixture.js";

const HOUR = 60 * 60_000;

interface User {
  id: string;
  name: string;
}
interface Data {
  user?: User | undefined;
  cart: { sku: string }[];
  visits: number;
  token?: string | undefined;
  prefs: { theme: string };
  notices: string[];
}

/** What a generated class is, with fields of these types. */
class Session extends SessionBase<Data, Partial<Data>, object, { notices: string }> {
  get data(): Partial<Data> {
    return this.toJSON();
  }
  get cart(): { sku: string }[] {
    return this.$get(cart);
  }
  get prefs(): { theme: string } {
    return this.$get(prefs);
  }
  get visits(): number {
    return this.$get(visits);
  }
}

const cart: FieldDefinition<{ sku: string }[]> = field(1, "cart", Array.isArray, {
  default: () => [],
  mutable: true,
  merge: { union: "sku" },
});
const visits: FieldDefinition<number> = field(2, "visits", Number.isInteger, {
  default: () => 0,
  merge: "counter",
});
const token: FieldDefinition<string | undefined> = field(3, "token", isString);
const prefs: FieldDefinition<{ theme: string }> = field(4, "prefs", (value) => typeof value === "object", {
  default: () => ({ theme: "light" }),
  mutable: true,
});
const notices: FieldDefinition<string[]> = field(5, "notices", Array.isArray, {
  default: () => [],
  mutable: true,
  flash: "list",
});

function setup(options: Partial<FieldDefinition<User | undefined>> = {}) {
  const time = { now: start };
  const clock = () => time.now;
  const user: FieldDefinition<User | undefined> = field(0, "user", (value) => typeof value === "object", {
    regenerate: "on-change",
    identity: ({ id }) => id,
    mutable: true,
    ...options,
  });
  const fields = [user, cart, visits, token, prefs, notices] as SessionDefinition;
  const sessions: Sessions<Session> = createSessions({
    application,
    history,
    Session,
    fields,
    store: memoryStore({ clock }),
    clock,
  });
  const visit = async (cookie: string, change: (session: Session) => unknown): Promise<string> => {
    const session = await sessions.open(cookie);
    await change(session);
    const set = await session.$commit();
    return set.length === 0 ? cookie : cookieHeader(set);
  };
  return { time, sessions, visit };
}

const ada = { id: "1", name: "Ada" };
const eve = { id: "2", name: "Eve" };
const kept = { cart: [{ sku: "tea" }], visits: 7, token: "t", prefs: { theme: "dark" } };
const nothing = { cart: [], visits: 0, prefs: { theme: "light" }, notices: [] };

interface Case {
  readonly options?: Partial<FieldDefinition<User | undefined>>;
  readonly from: User | undefined;
  readonly to: User | undefined;
  readonly want: object;
  readonly isAnew: boolean;
}

describe("a session", () => {
  it.each<[string, Case]>([
    [
      "from nobody to a user keeps all",
      { from: undefined, to: ada, want: { user: ada, ...kept }, isAnew: true },
    ],
    [
      "from nobody to a user drops all where the field says so",
      {
        options: { onLogin: "drop" },
        from: undefined,
        to: ada,
        want: { user: ada, ...nothing },
        isAnew: true,
      },
    ],
    [
      "from one user to another drops all",
      { from: ada, to: eve, want: { user: eve, ...nothing }, isAnew: true },
    ],
    [
      "from one user to another keeps all where the field says so",
      { options: { onNewUser: "keep" }, from: ada, to: eve, want: { user: eve, ...kept }, isAnew: true },
    ],
    ["from a user to nobody drops all", { from: ada, to: undefined, want: nothing, isAnew: true }],
    [
      "whose user is called otherwise stays",
      {
        from: ada,
        to: { ...ada, name: "Ada L." },
        want: { user: { ...ada, name: "Ada L." }, ...kept },
        isAnew: false,
      },
    ],
    [
      "stays where no field says who it is",
      {
        options: { identity: undefined as never },
        from: ada,
        to: eve,
        want: { user: eve, ...kept },
        isAnew: false,
      },
    ],
  ])("%s, and begins anew if it is another's", async (_name, { options, from, to, want, isAnew }) => {
    const { time, sessions, visit } = setup(options);
    const before = await visit("", (session) => session.$assign({ ...kept, ...(from && { user: from }) }));
    time.now += HOUR / 4;
    const after = await visit(before, (session) => session.$assign({ user: to }));
    expect(after).not.toBe(before);
    const session = await sessions.open(after);
    expect(session.data).toEqual({ notices: [], ...want });
    expect(session.$createdAt.getTime()).toBe(isAnew ? time.now : start);
    expect((await sessions.open(before)).$id).toBeUndefined();
  });

  it("shows the next user nothing of the one before, in the very request that logs in", async () => {
    const { sessions, visit } = setup();
    const cookie = await visit("", (session) => session.$assign({ user: ada, ...kept }));
    const session = await sessions.open(cookie);
    expect(session.visits).toBe(7);
    const before = session.cart;
    session.$assign({ user: eve });
    await session.$commit();
    expect(session.data).toEqual({ user: eve, ...nothing });
    before.push({ sku: "late" });
    await session.$commit();
    expect((await sessions.open(cookieHeader(await session.$commit()))).cart).toEqual([]);
  });

  it("has of the request that logs in what was assigned and added, and not what was made of the user's before", async () => {
    const { sessions, visit } = setup();
    const cookie = await visit("", (session) => {
      session.$assign({ user: ada, ...kept });
      session.$flash("notices", "Ada's");
    });
    const after = await visit(cookie, (session) => {
      session.cart.push({ sku: "for Eve" });
      session.prefs.theme = "darker";
      session.$flash("notices", "Welcome, Eve");
      session.$assign({ user: eve, token: "Eve's" });
    });
    expect((await sessions.open(after)).data).toEqual({
      user: eve,
      cart: [{ sku: "for Eve" }],
      visits: 0,
      token: "Eve's",
      prefs: { theme: "light" },
      notices: ["Welcome, Eve"],
    });
  });

  it("that was to outlive the browser does so for the next user only if he asks for it", async () => {
    const { sessions, visit } = setup();
    const cookie = await visit("", (session) => {
      session.$assign({ user: ada });
      session.$permanent = true;
    });
    const plain = await visit(cookie, (session) => session.$assign({ user: eve }));
    expect((await sessions.open(plain)).$permanent).toBe(false);
    const asked = await visit(plain, (session) => {
      session.$assign({ user: ada });
      session.$permanent = true;
    });
    expect((await sessions.open(asked)).$permanent).toBe(true);
  });

  it("takes over what others wrote meanwhile as little as the rest", async () => {
    const { sessions, visit } = setup();
    const cookie = await visit("", (session) => session.$assign({ user: ada, ...kept }));
    const login = await sessions.open(cookie);
    login.$assign({ user: eve });
    await visit(cookie, (session) => session.$assign({ visits: session.visits + 1, token: "Ada's new" }));
    const after = cookieHeader(await login.$commit());
    expect((await sessions.open(after)).data).toEqual({ user: eve, ...nothing });
  });
});
