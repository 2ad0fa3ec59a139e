import type { FieldIndex, SessionDefinition } from "../../codec/definition.js";
import type { Clock } from "../../time/clock.js";
import { contended } from "../context/refusals.js";
import type { StoreAccess } from "../lifecycle/store-access.js";
import {
  type IndexNote,
  type IndexNotes,
  type IndexState,
  noteOf,
  readIndexNotes,
  subjectOf,
  writeIndexNotes,
} from "../records/index-notes.js";
import { noIndexValues } from "../records/index-values.js";
import { epochKey, indexNotesKey } from "../records/keys.js";

/** For how long a process goes by what it has read, in milliseconds. */
const FRESH = 5000;

/** For how long the record is kept, in milliseconds; it is prolonged once half of that is over. */
const LIFE = 400 * 24 * 60 * 60_000;

/** How often a change of the record is tried again while others change it, too. */
const ATTEMPTS = 10;

/** What a lookup has to know of an index. */
export interface KnownState {
  readonly state: IndexState;
  /** An index that has what this one lacks. */
  readonly before?: string;
}

/**
 * How far the indexes of an application are. `sessgen migrate` notes it in the store, beside the
 * sessions; where an application begins, there is no session that an index could lack. Stores
 * without conditional writes between processes, which no older deploy shares, have no notes.
 */
export class IndexStates {
  readonly #store: StoreAccess;
  readonly #clock: Clock;
  readonly #fields: SessionDefinition;
  #known: { readonly notes: IndexNotes; readonly at: number } | undefined;

  constructor(store: StoreAccess, clock: Clock, fields: SessionDefinition) {
    this.#store = store;
    this.#clock = clock;
    this.#fields = fields;
  }

  /**
   * Tells how far an index is: what is known is 5 seconds old at most.
   * @throws SessionError `store/…`
   */
  async of(index: FieldIndex): Promise<KnownState> {
    if (!this.#store.canLock) return { state: "final" };
    const age = this.#clock() - (this.#known?.at ?? Number.NEGATIVE_INFINITY);
    const notes = age >= 0 && age < FRESH && this.#known ? this.#known.notes : await this.#read();
    if (notes === undefined) return { state: "final" };
    const note = noteOf(notes, index);
    return { state: note?.state ?? "open", ...(note?.before !== undefined && { before: note.before }) };
  }

  /**
   * Notes, before the application's very first session begins, that the indexes there are have all
   * sessions, and no others do. A version that begins at the same moment, and came second, finds
   * that its own are not among them.
   * @throws SessionError `store/…`: the application has not begun then, and the next session tries
   *   again
   */
  async begin(): Promise<void> {
    const notes = Object.fromEntries(
      this.#indexes.map((index): [string, IndexNote] => [
        index.name,
        { of: subjectOf(index), state: "final" },
      ]),
    );
    const written = await this.#store.write({
      ...this.#record,
      payload: writeIndexNotes(notes),
      expect: "absent",
      expiresAt: this.#clock() + LIFE,
    });
    if (!written.ok) await this.enter();
  }

  /**
   * Notes, before this process writes its first session in an epoch, that indexes which it does not
   * know have not all sessions from now on: it writes without them.
   * @throws SessionError `store/…`
   */
  enter(): Promise<void> {
    return this.#demote(
      (notes, name) => !this.#indexes.some((own) => own.name === name && noteOf(notes, own)),
    );
  }

  /**
   * Notes that sessions are about to be written without these indexes.
   * @throws SessionError `store/…`
   */
  async doubt(names: readonly string[]): Promise<void> {
    if (this.#store.canLock) await this.#demote((_, name) => names.includes(name));
  }

  get #indexes(): readonly FieldIndex[] {
    return this.#fields.flatMap(({ indexes = [] }) => indexes);
  }

  /** What was final is filled. */
  async #demote(isMeant: (notes: IndexNotes, name: string) => boolean): Promise<void> {
    let stored = await this.#store.read(this.#record.key);
    for (let attempt = 0; stored !== undefined && attempt < ATTEMPTS; attempt += 1) {
      const notes = readIndexNotes(stored.payload);
      const meant = Object.entries(notes).filter(
        ([name, { state }]) => state === "final" && isMeant(notes, name),
      );
      if (meant.length === 0) return;
      const demoted = meant.map(([name, note]): [string, IndexNote] => [name, { ...note, state: "filled" }]);
      const written = await this.#store.write({
        ...this.#record,
        payload: writeIndexNotes({ ...notes, ...Object.fromEntries(demoted) }),
        expect: stored.version,
        expiresAt: stored.expiresAt,
      });
      this.#known = undefined;
      if (written.ok) return;
      stored = written.current;
    }
    if (stored !== undefined) throw contended();
  }

  get #record() {
    return { key: indexNotesKey(this.#store.application), index: noIndexValues(this.#fields) };
  }

  /**
   * `undefined`: the application has not begun, so there is no session that an index could lack.
   */
  async #read(): Promise<IndexNotes | undefined> {
    const at = this.#clock();
    let stored = await this.#store.read(this.#record.key);
    if (stored === undefined) {
      if ((await this.#store.read(epochKey(this.#store.application))) === undefined) return undefined;
      // It may have begun between the two, and what is noted was there before the epoch.
      stored = await this.#store.read(this.#record.key);
    }
    if (stored !== undefined && stored.expiresAt - at < LIFE / 2) {
      // What fails here is tried again in some seconds, for half a year and more.
      const touch = { ...this.#record, expiresAt: at + LIFE, expect: stored.version };
      this.#store.touch(touch).catch(() => {});
    }
    const notes = readIndexNotes(stored?.payload);
    this.#known = { notes, at };
    return notes;
  }
}
