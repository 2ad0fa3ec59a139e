import type { FieldDefinition } from "../../codec/definition.js";
import { type PackedPart, viewOf } from "../../codec/packed/part.js";
import { endOf, partOfField } from "../../codec/record/former.js";
import { type PackedFields, payloadOf } from "../../codec/record/packed-fields.js";
import type { SessionRecord } from "../../codec/record/record.js";
import { UnreadableValue } from "../../codec/unreadable.js";
import type { SessionContext } from "../context/options.js";
import { whyUnread } from "../records/why-unread.js";
import { admitted } from "./admitted.js";
import { type Change, type Packed, samePacked } from "./change.js";
import { carryKept, encodedAsRead, encodedDefault, encodedLive } from "./encoded-value.js";
import { decode, decodeWithin, encode, substituteOf } from "./field-bytes.js";

/**
 * One field in one request, from its first use on. The value is decoded on first access; whether it
 * changed is found by encoding it again and comparing bytes.
 */
export class FieldValue {
  readonly #field: FieldDefinition;
  readonly #context: SessionContext;
  /** What is stored; of a value that was changed while a commit ran, what that commit saved. */
  #base: Packed;
  /** What `#base` lies in, if that is a payload: its reader has made characters of much already. */
  #payload: PackedFields | undefined;
  /** When the stored value ends, if it does. */
  readonly #end: number | undefined;
  /** What was handed out or assigned; encoded once if nothing can change it in place. */
  #decoded: { readonly value: unknown; encoded?: PackedPart } | undefined;
  /** When it was assigned, in milliseconds since the Unix epoch. */
  #assigned: number | undefined;
  /** What is assigned was made of what was there. */
  #derived = false;
  /** The session is not stored yet: what has its default's value stands for nothing. */
  readonly #isNew: boolean;
  /** Removed, or ended while the request was under way. */
  #absent = false;
  #shown = false;
  /** Elements of a flash list that were added after the others were shown. */
  #waiting: readonly unknown[] = [];
  /** Elements of a flash list that were taken. */
  #taken: readonly unknown[] = [];
  /** Whether `#base` can be read, once somebody has looked. */
  #isReadable: boolean | undefined;
  /**
   * What the application has seen may not be what is stored: it may have been shown a substitute.
   */
  #isSubstituted = false;
  /** Whatever is stored may go. */
  #isGivenUp = false;

  constructor(field: FieldDefinition, context: SessionContext, record: SessionRecord | undefined) {
    this.#field = field;
    this.#context = context;
    this.#base = partOfField(record, field);
    this.#payload = field.former === undefined ? payloadOf(record) : undefined;
    this.#isNew = record === undefined;
    this.#end = field.ttl === undefined ? undefined : record && endOf(record, field);
  }

  /** Reads it for the application: a flash field counts as shown. */
  show(): unknown {
    const value = this.peek();
    if (!this.#field.flash) return value;
    this.#shown = true;
    this.#decoded = { value };
    this.#waiting = [];
    return value;
  }

  /** Reads it without consequences. */
  peek(): unknown {
    this.#expire();
    this.#decoded ??= { value: this.#decode() };
    // Another list: whoever is going through the one that was handed out, and adds to it, comes to
    // an end.
    return this.#waiting.length === 0
      ? this.#decoded.value
      : [...listOf(this.#decoded.value), ...this.#waiting];
  }

  /** Tells whether there is a value other than the default. */
  has(): boolean {
    this.#expire();
    return (this.#decoded === undefined ? this.#seen() : this.#decoded.value) !== undefined;
  }

  /** Assigns a value that has passed the field's check; `undefined` removes it. */
  assign(value: unknown): void {
    this.#shown = false;
    this.#waiting = [];
    this.#taken = [];
    this.#derived = false;
    if (value === undefined) return this.#remove();
    this.#absent = false;
    this.#decoded = { value };
    this.#assigned = this.#context.clock();
  }

  /** Begins anew with the default: what is stored is given up, whatever it is. */
  reset(): void {
    this.assign(undefined);
    this.#isGivenUp = true;
  }

  /**
   * Takes over a change that is not saved yet.
   * @param mine - what it is by now
   */
  restore(mine: Packed, { end, assigned, unread, base }: Change): void {
    this.#derived = assigned !== true;
    this.#isGivenUp = unread === "given-up";
    // What others have stored since was not seen, but a merge would have made something of it.
    const { merge = "last-write-wins", flash } = this.#field;
    const isMerged = merge !== "last-write-wins" || flash === "list";
    this.#isSubstituted = unread === "shown" || this.#derived || (isMerged && !samePacked(base, this.#base));
    if (mine === undefined) return this.#remove();
    this.#decoded = { value: decode(this.#field, mine) };
    this.#assigned = end === undefined ? this.#context.clock() : end - (this.#field.ttl ?? 0);
  }

  /** Lets what was shown or taken stay for the next request, too. */
  keep(): void {
    if (this.#waiting.length + this.#taken.length > 0) this.assign([...this.#taken, ...listOf(this.peek())]);
    else this.#shown = false;
  }

  /**
   * Adds an element to a flash list, to be shown once; those that are there are not shown by that.
   * @throws SessionFieldError when the schema forbids the list with it
   */
  add(item: unknown): void {
    const list = [...this.#unshown(), item];
    this.#leave(listOf(admitted(this.#field, list)), []);
  }

  /** Takes out of a flash list what matches and was not shown yet. */
  take(matches: (item: unknown) => boolean): unknown[] {
    const taken: unknown[] = [];
    const left: unknown[] = [];
    for (const item of this.#unshown()) (matches(item) ? taken : left).push(item);
    if (taken.length > 0) this.#leave(left, taken);
    return taken;
  }

  /**
   * Gives what a commit would save; `undefined` when it is what is stored.
   * @throws SessionFieldError when the value was changed in place to one that the schema forbids
   */
  change(): Change | undefined {
    this.#expire();
    const mine = this.#current();
    const end = this.#endOf(mine);
    // What has ended by itself is dropped by the next write and causes none; assigned again, even
    // the same value ends later.
    const stored = this.#hasEnded() ? undefined : this.#base;
    const renewed = end !== undefined && this.#assigned !== undefined;
    if (!renewed && samePacked(stored, mine)) return undefined;
    const assigned = this.#assigned !== undefined && !this.#derived;
    const unread = this.#unread();
    const change: { -readonly [Part in keyof Change]: Change[Part] } = {
      field: this.#field,
      base: this.#base,
      mine,
      assigned,
    };
    if (end !== undefined) change.end = end;
    if (unread !== undefined) change.unread = unread;
    return change;
  }

  /** Tells whether {@link change} gives anything, or fails. */
  isChanged(): boolean {
    try {
      return this.change() !== undefined;
    } catch {
      return true;
    }
  }

  /**
   * Tells whether {@link change} can give anything: whether it was assigned, removed, shown or
   * changed in place.
   */
  mayHaveChanged(): boolean {
    if (this.#assigned !== undefined || this.#absent || this.#shown) return true;
    return this.#decoded !== undefined && this.#field.mutable === true && this.#changedInPlace();
  }

  /**
   * Gives what goes on of it when a commit is through. A value that was handed out stays the
   * session's own as long as it is what is stored, so that changing it in place still counts.
   *
   * @param record - what is stored now
   * @param saved - the change that it contains; what was changed since that was found waits for the
   *   next commit
   */
  after(record: SessionRecord, saved: Change | undefined): FieldValue | undefined {
    const next = new FieldValue(this.#field, this.#context, record);
    const base = saved === undefined ? this.#base : saved.mine;
    const [mine, late] = this.#since(base, saved);
    if (!late && (this.#shown || !samePacked(base, next.#base))) return undefined;
    next.#decoded = this.#decoded;
    if (saved === undefined) {
      next.#isSubstituted = this.#isSubstituted;
      next.#isGivenUp = this.#isGivenUp;
    }
    if (!late) return next;
    next.#base = base;
    next.#payload = undefined;
    next.#shown = this.#shown;
    next.#waiting = this.#waiting;
    next.#taken = this.#taken;
    next.#derived = this.#derived;
    next.#absent = this.#absent && mine === undefined;
    if (!next.#shown && !next.#absent) next.#assigned = this.#assigned ?? this.#context.clock();
    return next;
  }

  /** What it is now, and whether it was changed since it was saved as `base`. */
  #since(base: Packed, saved: Change | undefined): [mine: Packed, late: boolean] {
    try {
      const mine = this.#current();
      const renewed = this.#assigned !== undefined && this.#endOf(mine) !== saved?.end;
      return [mine, renewed || !samePacked(mine, base)];
    } catch {
      // Changed in place to what the schema forbids: the next commit says so.
      return [undefined, true];
    }
  }

  #unshown(): readonly unknown[] {
    return this.#shown ? this.#waiting : listOf(this.peek());
  }

  /** What of a flash list is there for later, and what is not any more. */
  #leave(list: readonly unknown[], taken: readonly unknown[]): void {
    const before = this.#taken;
    if (this.#shown) this.#waiting = list;
    else this.assign(list.length === 0 ? undefined : list);
    this.#taken = [...before, ...taken];
  }

  /** What reading starts from. */
  #seen(): Packed {
    return this.#absent ? undefined : this.#base;
  }

  #remove(): void {
    this.#decoded = undefined;
    this.#assigned = undefined;
    this.#absent = true;
  }

  /**
   * From its end on a value is absent, also one that was read before. What was changed in time is
   * not taken away.
   */
  #expire(): void {
    const { ttl } = this.#field;
    if (ttl === undefined || this.#absent) return;
    if (this.#waiting.length > 0) return;
    if (this.#assigned !== undefined) {
      if (this.#assigned + ttl <= this.#context.clock()) this.#remove();
    } else if (this.#hasEnded() && !this.#changedInPlace()) {
      this.#remove();
    }
  }

  /** What a change does to a stored value that cannot be read. */
  #unread(): Change["unread"] {
    if (this.#hasEnded() || !this.#isUnread()) return undefined;
    if (this.#isGivenUp) return "given-up";
    return this.#isSubstituted ? "shown" : "unseen";
  }

  /** Whether what is stored cannot be read; looked at once. */
  #isUnread(): boolean {
    if (this.#base === undefined) return false;
    this.#isReadable ??= whyUnread(this.#field, viewOf(this.#base)) === undefined;
    return !this.#isReadable;
  }

  #hasEnded(): boolean {
    return this.#end !== undefined && this.#end <= this.#context.clock();
  }

  #changedInPlace(): boolean {
    if (this.#shown) return false;
    try {
      return !samePacked(this.#current(), this.#base);
    } catch {
      // To what the schema forbids: the commit says so.
      return true;
    }
  }

  /** When a value that is saved now ends. */
  #endOf(mine: Packed): number | undefined {
    const { ttl } = this.#field;
    if (ttl === undefined || mine === undefined) return undefined;
    return (this.#assigned ?? this.#context.clock()) + ttl;
  }

  #current(): Packed {
    // Shown once: gone, unless it was assigned again or kept.
    // What stood in for something else was not shown: that stays.
    if (this.#shown && this.#waiting.length === 0) return this.#isUnread() ? this.#base : undefined;
    if (this.#shown) return encode(this.#field, this.#waiting);
    const seen = this.#seen();
    const assigned = this.#assigned !== undefined;
    if (this.#decoded === undefined || (!assigned && !this.#field.mutable)) return seen;
    const { value, encoded } = this.#decoded;
    if (value === undefined) return seen;
    const mine = encoded ?? encodedLive(this.#field, seen, value);
    if (!this.#field.mutable) this.#decoded.encoded = mine;
    if (this.#isNew && samePacked(mine, encodedDefault(this.#field))) return seen;
    if (assigned) return mine;
    if (samePacked(mine, seen)) return seen;
    if (samePacked(mine, encodedAsRead(this.#field, seen))) return seen;
    const taken = admitted(this.#field, value);
    if (taken === value) return mine;
    carryKept(this.#field, seen, taken);
    return encode(this.#field, taken);
  }

  #decode(): unknown {
    const field = this.#field;
    const seen = this.#seen();
    if (seen === undefined) return field.default?.();
    try {
      const value = this.#payload === undefined ? decode(field, seen) : decodeWithin(field, this.#payload);
      this.#isReadable = true;
      return value;
    } catch (error) {
      if (!(error instanceof UnreadableValue)) throw error;
      this.#isReadable = false;
      this.#isSubstituted = true;
      this.#context.events.unreadable(whyUnread(field, viewOf(seen)) ?? error, field.name);
      return substituteOf(field);
    }
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
