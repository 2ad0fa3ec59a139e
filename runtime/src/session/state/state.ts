import type { FieldDefinition } from "../../codec/definition.js";
import { roundCreatedAt } from "../../codec/record/record.js";
import type { SessionError } from "../../errors.js";
import type { ResponseHeader, TransportRequest } from "../../transports/transport.js";
import type { SessionContext } from "../context/options.js";
import type { Change } from "./change.js";
import type { Channel } from "./channel.js";
import { FieldValue } from "./field-value.js";
import type { Lifetime } from "./lifetime.js";
import { mergeField } from "./merge.js";
import { nothingPending, type Pending } from "./pending.js";
import type { StoredState } from "./stored-state.js";

/**
 * Why a request is held: its session has another id, was destroyed, or has a history that nobody
 * here can verify.
 */
export type HeldBecause = "moved" | "ended" | "unverifiable";

/**
 * What one request knows of its session: the stored state, and the fields that were read or
 * assigned.
 */
export class SessionState {
  readonly context: SessionContext;
  /** The request that the session was opened for, and the way back to its client. */
  request: TransportRequest | undefined;
  channel: Channel | undefined;
  /** `undefined`: nothing is stored (yet). */
  stored: StoredState | undefined;
  /** What the store has not answered yet. */
  pending: Pending = nothingPending();
  /**
   * Why this request may not have the session that its id was of: it reads as anonymous, and cannot
   * write.
   */
  held: HeldBecause | undefined;
  /** The session was ended, and the commit is to say that the browser was told. */
  cookieToClear = false;
  /** The response's headers have left: nothing more can be told in them. */
  headersSent = false;
  /**
   * The cookie should be sent again although nothing changed, e.g. to sign it with the new secret.
   */
  cookieIsStale = false;
  /** Why sessions did not work when this one was opened: it reads as empty. */
  nullBecause: SessionError | undefined;
  /** Nothing of this request is saved. */
  isDisabled = false;
  accessed = false;
  regenerate = false;
  /** A new session is stored though nothing was written. */
  persist = false;
  /** When the operation under way is to be over, by `performance.now()`. */
  until: number = Number.POSITIVE_INFINITY;
  /** Under a lock no change replaces another one. */
  locked = false;
  /** Set by the application; `undefined` leaves it as stored. */
  permanent: boolean | undefined;
  /** What an adapter has in place of the idle time of the config; nothing of it is stored. */
  idle: number | undefined;
  createdAt: number;
  /** What the response needs so far to hand the session out; a later commit replaces it. */
  headers: readonly ResponseHeader[] = [];
  /** Made when a field is first used: many a request uses none. */
  #values: Map<FieldDefinition, FieldValue> | undefined;
  #idToBe: string | undefined;

  constructor(context: SessionContext, stored?: StoredState) {
    this.context = context;
    this.stored = stored;
    this.createdAt = stored?.record.createdAt ?? roundCreatedAt(context.clock());
  }

  /** The id that a session which is not stored yet will have. */
  get idToBe(): string {
    this.#idToBe ??= this.context.generateId();
    return this.#idToBe;
  }

  /** Has the operation that begins now end in time: see `commitTimeout` of the options. */
  begin(): void {
    this.until = performance.now() + this.context.commitTimeout;
  }

  get isPermanent(): boolean {
    return this.permanent ?? this.stored?.record.permanent ?? false;
  }

  /** The lifetime that applies to this session. */
  get lifetime(): Lifetime {
    return this.lifetimeOf(this.isPermanent);
  }

  /** The lifetime that applies to this session if it is permanent, or if it is not. */
  lifetimeOf(permanent: boolean): Lifetime {
    const { lifetime } = this.context;
    const configured = permanent ? lifetime.permanent : lifetime;
    return this.idle === undefined ? configured : { idle: this.idle, absolute: configured.absolute };
  }

  /** Reads a field for the application. */
  get(field: FieldDefinition): unknown {
    this.accessed = true;
    return this.#value(field).show();
  }

  /**
   * Reads a field without consequences: a flash field stays, the session does not count as
   * accessed.
   */
  peek(field: FieldDefinition): unknown {
    return this.#value(field).peek();
  }

  /** Whether the field holds a value other than its default. */
  has(field: FieldDefinition): boolean {
    return this.#value(field).has();
  }

  /** Assigns a value that has passed the field's check; `undefined` removes the field. */
  set(field: FieldDefinition, value: unknown): void {
    this.accessed = true;
    this.#value(field).assign(value);
  }

  /** A flash field that was read stays for the next request, too. */
  keep(field: FieldDefinition): void {
    this.#values?.get(field)?.keep();
  }

  /** Adds an element to a flash list. Throws `SessionFieldError` when the schema forbids it. */
  add(field: FieldDefinition, item: unknown): void {
    this.accessed = true;
    this.#value(field).add(item);
  }

  /** Takes those elements out of a flash list that match. */
  take(field: FieldDefinition, matches: (item: unknown) => boolean): unknown[] {
    this.accessed = true;
    return this.#value(field).take(matches);
  }

  /**
   * Every field whose value differs from what is stored.
   * @throws SessionFieldError when a value was changed in place to one that the schema forbids
   */
  changes(): Change[] {
    const changes: Change[] = [];
    if (this.#values === undefined) return changes;
    for (const field of this.context.fields) {
      const change = this.#values.get(field)?.change();
      if (change !== undefined) changes.push(change);
    }
    return changes;
  }

  /**
   * The names of the fields that {@link changes} finds, and of those that were changed to what the
   * schema forbids.
   */
  changedFields(): string[] {
    return [...(this.#values ?? [])].filter(([, value]) => value.isChanged()).map(([{ name }]) => name);
  }

  /**
   * Whether {@link changes} can be anything but empty: whether something was assigned, removed,
   * shown or changed in place.
   */
  mayHaveChanges(): boolean {
    if (this.#values === undefined) return false;
    for (const value of this.#values.values()) if (value.mayHaveChanged()) return true;
    return false;
  }

  /**
   * Goes on from what was just stored.
   * @param saved - the changes that it contains; what was changed since they were found waits for
   *   the next commit
   */
  rebase(stored: StoredState, saved: readonly Change[]): void {
    const values = this.#values;
    const permanent = this.permanent === stored.record.permanent ? undefined : this.permanent;
    this.restart(stored);
    this.permanent = permanent;
    if (values === undefined) return;
    for (const [field, value] of values) {
      const change = saved.find((candidate) => candidate.field === field);
      const next = value.after(stored.record, change);
      if (next === undefined) values.delete(field);
      else values.set(field, next);
    }
    this.#values = values;
  }

  /**
   * As {@link rebase}, by what an earlier operation turns out to have done: what was asked for
   * since stays so.
   */
  settle(stored: StoredState, saved: readonly Change[]): void {
    const { regenerate, cookieIsStale } = this;
    this.rebase(stored, saved);
    Object.assign(this, { regenerate, cookieIsStale });
  }

  /**
   * Goes on from another stored state. Values that were handed out are no longer the session's.
   * @param changes - what is not saved yet; merged into the stored state as in a conflict
   */
  replay(stored: StoredState | undefined, changes: readonly Change[]): void {
    const { permanent, regenerate, cookieIsStale, persist } = this;
    this.restart(stored);
    Object.assign(this, { permanent, regenerate, cookieIsStale, persist });
    for (const change of changes) {
      const { field, base, mine } = change;
      const theirs = stored?.record.fields.get(field.slot);
      this.#value(field).restore(mergeField(field, base, mine, theirs), change);
    }
  }

  /**
   * Goes on from a stored state with nothing changed; without one, what is assigned from now on
   * begins a new session.
   */
  restart(stored: StoredState | undefined): void {
    this.stored = stored;
    this.createdAt = stored?.record.createdAt ?? roundCreatedAt(this.context.clock());
    this.#idToBe = undefined;
    this.regenerate = false;
    this.persist = false;
    this.permanent = undefined;
    this.cookieIsStale = false;
    this.#values = undefined;
  }

  #value(field: FieldDefinition): FieldValue {
    this.#values ??= new Map();
    let value = this.#values.get(field);
    if (value === undefined) {
      value = new FieldValue(field, this.context, this.stored?.record);
      this.#values.set(field, value);
    }
    return value;
  }
}
