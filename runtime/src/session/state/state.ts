import type { FieldDefinition } from "../../codec/definition.js";
import { partOfField } from "../../codec/record/former.js";
import { roundCreatedAt } from "../../codec/record/record.js";
import type { SessionError } from "../../errors.js";
import type { TransportRequest } from "../../transports/transport.js";
import type { SessionContext } from "../context/options.js";
import { Answer } from "./answer.js";
import { type Asked, nothingAsked } from "./asked.js";
import type { BoundTransport } from "./bound-transport.js";
import type { Change } from "./change.js";
import type { FieldValue } from "./field-value.js";
import { FieldValues } from "./field-values.js";
import type { HeldBecause } from "./held-because.js";
import type { Lifetime } from "./lifetime.js";
import { mergeField } from "./merge.js";
import { Pending } from "./pending.js";
import { Replacing } from "./replaced.js";
import type { StoredState } from "./stored-state.js";

/** What a session begins with. */
export interface Beginning {
  /** The request that the session was opened for, and the way back to its client. */
  readonly request?: TransportRequest;
  readonly bound?: BoundTransport;
  /** Why sessions did not work when this one was opened: it reads as empty. */
  readonly nullBecause?: SessionError;
}

/**
 * What one request knows of its session: the stored state, the fields that were read or assigned,
 * and what was asked of the next commit.
 */
export class SessionState {
  readonly context: SessionContext;
  /** The request that the session was opened for. */
  readonly request: TransportRequest | undefined;
  /** What the client is told. */
  readonly answer: Answer;
  /** What the store has not answered yet. */
  readonly pending: Pending = new Pending();
  /** Why sessions did not work when this one was opened: it reads as empty. */
  readonly nullBecause: SessionError | undefined;
  /** The fields that were read or assigned. */
  readonly values: FieldValues;
  /** What is replaced that cannot be read. */
  readonly replacing: Replacing = new Replacing();
  #stored: StoredState | undefined;
  #held: HeldBecause | undefined;
  #isDisabled = false;
  #accessed = false;
  #asked: Asked = nothingAsked;
  #until: number = Number.POSITIVE_INFINITY;
  #isBusy = false;
  #isLocked = false;
  #createdAt: number;
  /** What an adapter has in place of the idle time of the config; nothing of it is stored. */
  #idle: number | undefined;
  #idToBe: string | undefined;

  constructor(context: SessionContext, { request, bound, nullBecause }: Beginning = {}) {
    this.context = context;
    this.values = new FieldValues(context);
    this.request = request;
    this.answer = new Answer(bound);
    this.nullBecause = nullBecause;
    this.#createdAt = roundCreatedAt(context.clock());
  }

  /** Shows what is stored, for whoever only looks. */
  static of(context: SessionContext, stored: StoredState): SessionState {
    const state = new SessionState(context);
    state.restart(stored);
    return state;
  }

  /** What changes are compared with; `undefined`: nothing is stored (yet). */
  get stored(): StoredState | undefined {
    return this.#stored;
  }

  /**
   * Why this request may not have the session that its id was of: it reads as anonymous, and cannot
   * write.
   */
  get held(): HeldBecause | undefined {
    return this.#held;
  }

  /** Nothing of this request is saved. */
  get isDisabled(): boolean {
    return this.#isDisabled;
  }

  /** Something was read or written. */
  get accessed(): boolean {
    return this.#accessed;
  }

  /** What was asked of the next commit. */
  get asked(): Asked {
    return this.#asked;
  }

  /** When the operation under way is to be over, by `performance.now()`. */
  get until(): number {
    return this.#until;
  }

  /** Under a lock no change replaces another one. */
  get isLocked(): boolean {
    return this.#isLocked;
  }

  /** When the session began, or will have begun. */
  get createdAt(): number {
    return this.#createdAt;
  }

  /** The id that a session which is not stored yet will have. */
  get idToBe(): string {
    this.#idToBe ??= this.context.generateId();
    return this.#idToBe;
  }

  get isPermanent(): boolean {
    return this.#asked.permanent ?? this.#stored?.record.permanent ?? false;
  }

  /** Whether it was asked to be kept for longer, or no longer, than what is stored is. */
  get changesPermanence(): boolean {
    const { permanent } = this.#asked;
    return permanent !== undefined && permanent !== this.#stored?.record.permanent;
  }

  /** Whether something differs from what is stored, nested values included. */
  get isModified(): boolean {
    const { regenerate, persist } = this.#asked;
    if (regenerate || this.changesPermanence || (persist && this.#stored === undefined)) return true;
    return this.values.changes().length > 0;
  }

  /** The lifetime that applies to this session. */
  get lifetime(): Lifetime {
    return this.lifetimeOf(this.isPermanent);
  }

  /** Gives the lifetime that applies to this session if it is permanent, or if it is not. */
  lifetimeOf(permanent: boolean): Lifetime {
    const { lifetime } = this.context;
    const configured = permanent ? lifetime.permanent : lifetime;
    return this.#idle === undefined ? configured : { idle: this.#idle, absolute: configured.absolute };
  }

  /** The idle time in place of the config's, in milliseconds, if an adapter has one. */
  get idle(): number | undefined {
    return this.#idle;
  }

  /** Lets the session last so long unused, in milliseconds, in place of what the config says. */
  lastIdle(idle: number | undefined): void {
    this.#idle = idle;
  }

  /** An operation is under way. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Has an operation end in time: see `commitTimeout` of the options. */
  async inTime<T>(operate: () => Promise<T>): Promise<T> {
    this.begin(performance.now());
    try {
      return await operate();
    } finally {
      this.end();
    }
  }

  /**
   * Begins an operation, as {@link inTime} does for whoever has none to hand over.
   * @param now - by `performance.now()`
   */
  begin(now: number): void {
    this.#until = now + this.context.commitTimeout;
    this.#isBusy = true;
  }

  /** Ends it. */
  end(): void {
    this.#isBusy = false;
  }

  /** Asks something of the next commit, beside what was asked before. */
  ask(more: Partial<Asked>): void {
    this.#asked = { ...this.#asked, ...more };
  }

  /** Counts as used, though nothing was read. */
  use(): void {
    this.#accessed = true;
  }

  /** Saves nothing of this request any more. */
  disable(): void {
    this.#isDisabled = true;
  }

  /** Keeps this request from the session that its id was of. */
  hold(because: HeldBecause): void {
    this.#held = because;
  }

  /** Lets a request that was held begin a session anew. */
  release(): void {
    this.#held = undefined;
  }

  /** Works under a lock. */
  async whileLocked<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#isLocked;
    this.#isLocked = true;
    try {
      return await work();
    } finally {
      this.#isLocked = before;
    }
  }

  /** Reads a field for the application. */
  get(field: FieldDefinition): unknown {
    this.#accessed = true;
    return this.#value(field).show();
  }

  /**
   * Reads a field without consequences: a flash field stays, the session does not count as
   * accessed.
   */
  peek(field: FieldDefinition): unknown {
    return this.#value(field).peek();
  }

  /** Tells whether the field holds a value other than its default. */
  has(field: FieldDefinition): boolean {
    return this.#value(field).has();
  }

  /** Assigns a value that has passed the field's check; `undefined` removes the field. */
  set(field: FieldDefinition, value: unknown): void {
    this.#accessed = true;
    this.#value(field).assign(value);
  }

  /** Has a field begin anew with its default: what is stored of it is given up. */
  reset(field: FieldDefinition): void {
    this.#accessed = true;
    this.#value(field).reset();
  }

  /** Lets a flash field that was read stay for the next request, too. */
  keep(field: FieldDefinition): void {
    this.values.used(field)?.keep();
  }

  /** Adds an element to a flash list. Throws `SessionFieldError` when the schema forbids it. */
  add(field: FieldDefinition, item: unknown): void {
    this.#accessed = true;
    this.#value(field).add(item);
  }

  /** Takes those elements out of a flash list that match. */
  take(field: FieldDefinition, matches: (item: unknown) => boolean): unknown[] {
    this.#accessed = true;
    return this.#value(field).take(matches);
  }

  /**
   * Goes on from what was just stored.
   * @param saved - the changes that it contains; what was changed since they were found waits for
   *   the next commit
   */
  rebase(stored: StoredState, saved: readonly Change[]): void {
    const { permanent } = this.#asked;
    this.#goOn(stored);
    if (permanent !== undefined && permanent !== stored.record.permanent) this.ask({ permanent });
    this.values.rebase(stored.record, saved);
  }

  /**
   * Does as {@link rebase}, by what an earlier operation turns out to have done: what was asked for
   * since stays so.
   */
  settle(stored: StoredState, saved: readonly Change[]): void {
    const { regenerate, resend } = this.#asked;
    this.rebase(stored, saved);
    this.ask({ regenerate, resend });
  }

  /** Goes on with the same fields, whose end was moved. */
  touched(stored: StoredState): void {
    this.#stored = stored;
    this.ask({ resend: false });
  }

  /**
   * Goes on from another stored state. Values that were handed out are no longer the session's.
   * @param changes - what is not saved yet; merged into the stored state as in a conflict
   */
  replay(stored: StoredState | undefined, changes: readonly Change[]): void {
    const asked = this.#asked;
    this.restart(stored);
    this.#asked = asked;
    for (const change of changes) {
      const theirs = partOfField(stored?.record, change.field);
      this.#value(change.field).restore(mergeField(change, theirs), change);
    }
  }

  /**
   * Gives up what may have been begun under the id that was to be: what is saved later begins under
   * another one.
   */
  beginAnew(): void {
    this.#idToBe = undefined;
    this.pending.giveUp();
  }

  /**
   * Goes on from a stored state with nothing changed; without one, what is assigned from now on
   * begins a new session.
   */
  restart(stored: StoredState | undefined): void {
    this.#goOn(stored);
    this.values.clear();
  }

  #goOn(stored: StoredState | undefined): void {
    this.#stored = stored;
    this.#createdAt = stored?.record.createdAt ?? roundCreatedAt(this.context.clock());
    this.#idToBe = undefined;
    this.#asked = nothingAsked;
  }

  #value(field: FieldDefinition): FieldValue {
    return this.values.of(field, this.#stored?.record);
  }
}
