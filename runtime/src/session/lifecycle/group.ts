import type { SessionRecord } from "../../codec/record/record.js";
import type { StoredState } from "../state/stored-state.js";
import { newMark } from "./marks.js";
import { outcomeOf } from "./outcome.js";

/** What of a commit can be written together with others of the same session. */
export interface Part {
  /**
   * Refuses to go on with a session that is over.
   * @returns what to wait for; `undefined`: nothing, nearly always
   */
  admit(): Promise<void> | undefined;
  /**
   * Gives the record with the changes in it.
   * @param record - with the changes of those before, of which nothing is stored yet
   * @param ahead - what is stored
   * @throws SessionError as a commit of its own would
   */
  merge(record: SessionRecord, ahead: StoredState): SessionRecord;
  /**
   * Writes the record of all, in place of what is stored.
   * @returns `undefined` where something else is stored by now
   */
  write(record: SessionRecord, ahead: StoredState, how: Writing): Promise<StoredState | undefined>;
  /** Remembers that the write may be done, since the answer is missing. */
  attempted(ahead: StoredState, mark: number): void;
  /** Goes on from what is stored. */
  goOn(stored: StoredState): void;
}

/** How a group is written. */
export interface Writing {
  /** One for all: where it is found, the changes of each were made. */
  readonly mark: number;
  /** When the first one stops waiting, by `performance.now()`. */
  readonly until: number;
}

/** A commit of the group, and how it is told. */
export interface Member {
  readonly part: Part;
  readonly until: number;
  readonly settle: (turn: "done" | "unclear") => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Commits of one session that wait one behind the other, written as one. Each gets an answer of its
 * own; where one cannot be given, all are told that it is unclear but the first, who fails: a call
 * that is stuck, or whose answer is lost, costs one commit and not all.
 */
export class Group<M extends Member> {
  readonly #ahead: StoredState;
  #members: readonly M[];
  /** Of the write that is under way. */
  #mark: number | undefined;

  /** @param ahead - what is stored */
  constructor(members: readonly M[], ahead: StoredState) {
    this.#members = members;
    this.#ahead = ahead;
  }

  /** Those who were not told how it ended. */
  get left(): readonly M[] {
    return this.#members;
  }

  /**
   * Writes, and tells each how it ended. Never fails.
   * @returns what is stored, if that is known; `apart`: nothing was done, and those who are
   *   {@link left} are to do it one by one, for one of them may be the reason
   */
  async run(): Promise<StoredState | "apart" | undefined> {
    for (const member of this.#members) await this.#admit(member);
    const record = this.#merged();
    const last = this.#members.at(-1)?.part;
    if (last === undefined) return this.#ahead;
    const mark = newMark();
    this.#mark = mark;
    try {
      const until = Math.min(...this.#members.map((member) => member.until));
      const stored = await last.write(record, this.#ahead, { mark, until });
      if (stored === undefined) return "apart";
      for (const member of this.#members) tell(member, stored);
      return stored;
    } catch (error) {
      if (outcomeOf(error) === "refused") return "apart";
      this.leave();
      for (const { part, fail } of this.#members) {
        part.attempted(this.#ahead, mark);
        fail(error);
      }
      return undefined;
    }
  }

  /**
   * Lets all go but the first, for it takes too long.
   * @returns those who were not told, as nothing was tried
   */
  leave(): readonly M[] {
    const [first, ...others] = this.#members;
    this.#members = first === undefined ? [] : [first];
    if (this.#mark === undefined) return others;
    for (const { part, settle } of others) {
      part.attempted(this.#ahead, this.#mark);
      settle("unclear");
    }
    return [];
  }

  async #admit(member: M): Promise<void> {
    try {
      const refusing = member.part.admit();
      if (refusing !== undefined) await refusing;
    } catch (error) {
      this.#drop(member, error);
    }
  }

  /** What is stored, with all changes in it. */
  #merged(): SessionRecord {
    let { record } = this.#ahead;
    for (const member of this.#members) {
      try {
        record = member.part.merge(record, this.#ahead);
      } catch (error) {
        this.#drop(member, error);
      }
    }
    return record;
  }

  #drop(member: M, error: unknown): void {
    if (!this.#members.includes(member)) return;
    this.#members = this.#members.filter((other) => other !== member);
    member.fail(error);
  }
}

function tell({ part, settle, fail }: Member, stored: StoredState): void {
  try {
    part.goOn(stored);
    settle("done");
  } catch (error) {
    fail(error);
  }
}
