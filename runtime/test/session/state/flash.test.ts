import { describe, expect, it } from "vitest";
import {
  createSessions,
  type FieldDefinition,
  SessionBase,
  type SessionDefinition,
  SessionError,
  SessionFieldError,
} from "../../../src/index.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import { field } from "../support/field.js";
import { application, cookieHeader, history, isEpoch, isString, start } from "../support/fixture.js";

interface Message {
  category: string;
  text: string;
}
interface Data {
  messages: Message[];
  name?: string | undefined;
}

const isMessage = (value: unknown): boolean => typeof (value as Message).text === "string";
const messages: FieldDefinition<Message[]> = field(
  0,
  "messages",
  (value) => Array.isArray(value) && value.length <= 5 && value.every(isMessage),
  { flash: "list", default: () => [], mutable: true },
);
const name: FieldDefinition<string | undefined> = field(1, "name", isString);

class Session extends SessionBase<Data, Partial<Data>, object, { messages: Message }> {
  get messages(): Message[] {
    return this.$get(messages);
  }
  set messages(value: Message[]) {
    this.$set(messages, value);
  }
  get name(): string | undefined {
    return this.$get(name);
  }
  set name(value: string | undefined) {
    this.$set(name, value);
  }
}

const info = (text: string): Message => ({ category: "info", text });
const error = (text: string): Message => ({ category: "error", text });
const isError = ({ category }: Message): boolean => category === "error";
const texts = (list: readonly Message[]): string[] => list.map(({ text }) => text);

function setup(policy: Partial<FieldDefinition<Message[]>> = {}) {
  const fields = [{ ...messages, ...policy }, name] as SessionDefinition;
  // The class reads the definition it was made with.
  const [list = messages] = fields as [FieldDefinition<Message[]>];
  class OwnSession extends Session {
    override get messages(): Message[] {
      return this.$get(list);
    }
    override set messages(value: Message[]) {
      this.$set(list, value);
    }
  }
  let writes = 0;
  const memory = memoryStore({ clock: () => start });
  const sessions = createSessions({
    application,
    history,
    Session: OwnSession,
    fields,
    clock: () => start,
    store: {
      kind: memory.kind,
      read: (...args) => memory.read(...args),
      write: (...args) => {
        if (!isEpoch(args[0])) writes += 1;
        return memory.write(...args);
      },
      touch: (...args) => memory.touch(...args),
      remove: (...args) => memory.remove(...args),
      close: () => memory.close(),
    },
  });
  let cookie = "";
  /** One request. */
  const visit = async (change: (session: Session) => unknown): Promise<void> => {
    const session = await sessions.open(cookie);
    await change(session);
    const set = await session.$commit();
    if (set.length > 0) cookie = cookieHeader(set);
  };
  return { visit, writes: () => writes };
}

/** What the next request sees of the list. */
async function left(visit: ReturnType<typeof setup>["visit"]): Promise<string[]> {
  let seen: string[] = [];
  await visit((session) => {
    seen = texts(session.toJSON().messages ?? []);
  });
  return seen;
}

describe("a flash list", () => {
  it("written in one request is read in the next and gone in the third", async () => {
    const { visit } = setup();
    await visit((session) => {
      session.$flash("messages", info("saved"));
      session.$flash("messages", error("not mailed"));
    });
    await visit((session) => expect(texts(session.messages)).toEqual(["saved", "not mailed"]));
    await visit((session) => expect(session.messages).toEqual([]));
  });

  it.each<[string, { given: (session: Session) => unknown; shown: string[]; want: string[] }]>([
    ["read: all are shown", { given: (s) => texts(s.messages), shown: ["a", "b", "c"], want: [] }],
    [
      "read twice: they are shown twice",
      { given: (s) => [texts(s.messages), texts(s.messages)][1], shown: ["a", "b", "c"], want: [] },
    ],
    [
      "added to: nothing is shown",
      { given: (s) => s.$flash("messages", info("d")) ?? [], shown: [], want: ["a", "b", "c", "d"] },
    ],
    [
      "read, then added to: the new one stays",
      {
        given: (s) => texts([s.messages, s.$flash("messages", info("d"))][0] ?? []),
        shown: ["a", "b", "c"],
        want: ["d"],
      },
    ],
    [
      "read, added to, read: all are shown",
      {
        given: (s) => {
          void s.messages;
          s.$flash("messages", info("d"));
          return texts(s.messages);
        },
        shown: ["a", "b", "c", "d"],
        want: [],
      },
    ],
    [
      "added to, then read: all are shown",
      {
        given: (s) => {
          s.$flash("messages", info("d"));
          return texts(s.messages);
        },
        shown: ["a", "b", "c", "d"],
        want: [],
      },
    ],
    [
      "added to while one goes through it",
      {
        given: (s) => {
          for (const { text } of s.messages) s.$flash("messages", info(`${text}2`.slice(0, 2)));
          return [];
        },
        shown: [],
        want: ["a2", "b2", "c2"],
      },
    ],
    [
      "taken from: the others stay",
      { given: (s) => texts(s.$flashed("messages", isError)), shown: ["b"], want: ["a", "c"] },
    ],
    [
      "taken from as a whole",
      { given: (s) => texts(s.$flashed("messages")), shown: ["a", "b", "c"], want: [] },
    ],
    [
      "taken from twice: what was taken is not given again",
      {
        given: (s) => texts([...s.$flashed("messages", isError), ...s.$flashed("messages", isError)]),
        shown: ["b"],
        want: ["a", "c"],
      },
    ],
    [
      "taken from, then read: what was not taken is shown",
      {
        given: (s) => {
          s.$flashed("messages", isError);
          return texts(s.messages);
        },
        shown: ["a", "c"],
        want: [],
      },
    ],
    [
      "read, then taken from: only what came since",
      {
        given: (s) => {
          void s.messages;
          s.$flash("messages", error("d"));
          s.$flash("messages", info("e"));
          return texts(s.$flashed("messages", isError));
        },
        shown: ["d"],
        want: ["e"],
      },
    ],
    [
      "taken from in vain",
      { given: (s) => texts(s.$flashed("messages", () => false)), shown: [], want: ["a", "b", "c"] },
    ],
    [
      "read and kept",
      {
        given: (s) => {
          const shown = texts(s.messages);
          s.$flash("messages", info("d"));
          s.$keep("messages");
          return shown;
        },
        shown: ["a", "b", "c"],
        want: ["a", "b", "c", "d"],
      },
    ],
    [
      "taken from and kept",
      {
        given: (s) => {
          const shown = texts(s.$flashed("messages", isError));
          s.$keep();
          return shown;
        },
        shown: ["b"],
        want: ["b", "a", "c"],
      },
    ],
    [
      "assigned after it was read",
      {
        given: (s) => {
          const shown = texts(s.messages);
          s.messages = [info("new")];
          return shown;
        },
        shown: ["a", "b", "c"],
        want: ["new"],
      },
    ],
    [
      "looked at without consequences",
      {
        given: (s) => {
          void s.messages;
          s.$flash("messages", info("d"));
          return texts(s.toJSON().messages ?? []);
        },
        shown: ["a", "b", "c", "d"],
        want: ["d"],
      },
    ],
  ])("%s", async (_name, { given, shown, want }) => {
    const { visit } = setup();
    await visit((session) => {
      session.messages = [info("a"), error("b"), info("c")];
    });
    await visit((session) => expect(given(session)).toEqual(shown));
    expect(await left(visit)).toEqual(want);
  });

  it("that nothing is taken from causes no write", async () => {
    const { visit, writes } = setup();
    await visit((session) => session.$flash("messages", info("a")));
    await visit((session) => session.$flashed("messages", isError));
    expect(writes()).toBe(1);
  });

  it("goes on after a commit in the same request", async () => {
    const { visit } = setup();
    await visit((session) => session.$flash("messages", info("a")));
    await visit(async (session) => {
      void session.messages;
      session.$flash("messages", info("b"));
      await session.$commit();
      session.$flash("messages", info("c"));
    });
    expect(await left(visit)).toEqual(["b", "c"]);
  });

  it("refuses what the schema forbids, and names that are none of a flash list", async () => {
    const { visit } = setup();
    await visit((session) => {
      expect(() => session.$flash("messages", JSON.parse('{ "category": "info" }'))).toThrow(
        SessionFieldError,
      );
      for (const text of "abcde") session.$flash("messages", info(text));
      expect(() => session.$flash("messages", info("one too many"))).toThrow(SessionFieldError);
      expect(() => Reflect.apply(session.$flash, session, ["name", "ada"])).toThrow(SessionError);
      expect(() => Reflect.apply(session.$flashed, session, ["nobody"])).toThrow(SessionError);
    });
    expect(await left(visit)).toEqual([..."abcde"]);
  });
});

describe("two requests at once", () => {
  type Step = (session: Session) => unknown;
  const read: Step = (session) => session.messages;
  const add =
    (text: string): Step =>
    (session) =>
      session.$flash("messages", info(text));
  const takeErrors: Step = (session) => session.$flashed("messages", isError);

  it.each<[string, { given: [mine: Step, theirs: Step]; policy?: object; want: string[] }]>([
    ["that both add lose nothing", { given: [add("m"), add("t")], want: ["a", "b", "t", "m"] }],
    ["one that shows all, one that adds: the new one stays", { given: [read, add("t")], want: ["t"] }],
    ["one that adds, one that has shown all: the new one stays", { given: [add("m"), read], want: ["m"] }],
    ["that both show all: nothing stays", { given: [read, read], want: [] }],
    ["one that takes, one that adds", { given: [takeErrors, add("t")], want: ["a", "t"] }],
    ["one that takes, one that shows all", { given: [takeErrors, read], want: [] }],
    ["that both add the same", { given: [add("x"), add("x")], want: ["a", "b", "x", "x"] }],
    [
      "that add more than the limit",
      { given: [add("m"), add("t")], policy: { merge: { append: 3 } }, want: ["b", "t", "m"] },
    ],
    [
      "one that shows all, one that adds, with a limit",
      { given: [read, add("t")], policy: { merge: { append: 3 } }, want: ["t"] },
    ],
    [
      "where the later commit is to win, it does",
      { given: [add("m"), add("t")], policy: { merge: "last-write-wins" }, want: ["a", "b", "m"] },
    ],
  ])("%s", async (_name, { given: [mine, theirs], policy, want }) => {
    const { visit } = setup(policy);
    await visit((session) => {
      session.messages = [info("a"), error("b")];
    });
    await visit(async (session) => {
      mine(session);
      await visit(theirs);
    });
    expect(await left(visit)).toEqual(want);
  });
});
