import { inspect } from "node:util";
import type { FieldDefinition } from "../../codec/definition.js";
import { SessionError } from "../../errors.js";
import type { ResponseHeader } from "../../transports/transport.js";
import { headersLeft, outOfReach, switchedOff } from "../context/refusals.js";
import { commit, needsCommit } from "../lifecycle/commit.js";
import { destroy } from "../lifecycle/destroy.js";
import type { LockOptions } from "../lifecycle/lease.js";
import { withLock } from "../lifecycle/lock.js";
import { expiryOf } from "./lifetime.js";
import type { SessionState } from "./state.js";

/** What iterating over a session gives: the name and the value of a field. */
export type SessionEntry<Data extends object> = [keyof Data & string] extends [never]
  ? [string, unknown]
  : { [K in keyof Data & string]: [K, Exclude<Data[K], undefined>] }[keyof Data & string];

/**
 * What every generated session class inherits. Fields are plain members of the subclass; everything
 * here begins with `$`, so a field may be called `id`, `save` or `destroy`.
 *
 * @typeParam Data - every field as its getter returns it
 * @typeParam Patch - what can be assigned, all optional
 * @typeParam Client - the fields that may be sent to the browser
 * @typeParam Flash - the flash lists, with the type of their elements
 */
export abstract class SessionBase<
  Data extends object = object,
  Patch extends object = Partial<Data>,
  Client extends object = object,
  Flash extends object = object,
> {
  static {
    // Shows which fields are present, and of those not marked `redact` the values; never the id.
    Object.defineProperty(SessionBase.prototype, inspect.custom, {
      value(this: SessionBase, _depth: number, options: object): string {
        const shown: Record<string, unknown> = { ...this.toJSON() };
        for (const field of this.#state.context.fields) {
          if (field.redact && this.#state.has(field)) shown[field.name] = "[redacted]";
        }
        return `${this.constructor.name} ${inspect(shown, options)}`;
      },
    });
  }

  readonly #state: SessionState;
  /** What may be under way; the next operation begins when it has settled. */
  #latest: Promise<unknown> | undefined;

  /** Sessions are made by `sessions.open()`. */
  constructor(state: SessionState) {
    this.#state = state;
  }

  /**
   * The session id, as the cookie carries it; of a new session the one that it will have once it is
   * stored. An id that is used for more than this request, as for tokens against CSRF, takes
   * `$persist()`. `undefined` where there is no session and will be none: in a null session, in one
   * that is switched off, and where the id that the request came with has moved or ended. Keep it
   * out of logs.
   */
  get $id(): string | undefined {
    const { stored, nullBecause, isDisabled, held } = this.#state;
    if (stored !== undefined) return stored.id;
    return nullBecause !== undefined || isDisabled || held !== undefined ? undefined : this.#state.idToBe;
  }

  /** Nothing is stored for this session yet. */
  get $isNew(): boolean {
    return this.#state.stored === undefined;
  }

  /**
   * The store was out of reach when the session was opened: it reads as empty and refuses writes.
   */
  get $isNull(): boolean {
    return this.#state.nullBecause !== undefined;
  }

  /**
   * Switched off for this request, by `$disable()` or by the host's `skip`: nothing is saved, and
   * writes are refused.
   */
  get $isDisabled(): boolean {
    return this.#state.isDisabled;
  }

  /** Something was read or written: the response depends on the cookie. */
  get $accessed(): boolean {
    return this.#state.accessed;
  }

  /** Something differs from what is stored, nested values included. */
  get $modified(): boolean {
    const { stored, permanent, regenerate, persist } = this.#state;
    if (
      regenerate ||
      (persist && stored === undefined) ||
      (permanent !== undefined && permanent !== stored?.record.permanent)
    )
      return true;
    return this.#state.changes().length > 0;
  }

  /** When the session began. The absolute lifetime counts from here. */
  get $createdAt(): Date {
    return new Date(this.#state.createdAt);
  }

  /** When the session ends unless it is used again. */
  get $expiresAt(): Date {
    const { stored, lifetime, createdAt, context } = this.#state;
    return new Date(stored?.expiresAt ?? expiryOf(lifetime, createdAt, context.clock()));
  }

  /** The user asked to be remembered: a cookie that outlives the browser, and longer lifetimes. */
  get $permanent(): boolean {
    return this.#state.isPermanent;
  }

  set $permanent(value: boolean) {
    this.#refuseUnwritable();
    if (value !== this.#state.isPermanent) this.#refuseWithoutHeaders("another lifetime of the cookie");
    this.#state.permanent = value;
  }

  /**
   * The headers of the response that hand the session out, or take it back, as of the last
   * `$commit()` or `$destroy()`: `Set-Cookie`, or those of another transport. Hosts add them, also
   * when a later commit fails: they say what is true in the store. With them goes `Cache-Control`,
   * see `$cacheControl`.
   */
  get $headers(): readonly ResponseHeader[] {
    return this.#state.headers;
  }

  /**
   * The request's headers that say which session it is: for `Vary`, when the session was accessed
   * or `$headers` are sent.
   */
  get $vary(): readonly string[] {
    return this.#state.context.vary;
  }

  /**
   * What the response's `Cache-Control` should be where the application says nothing of its own.
   * `no-store` keeps what a user has seen from whoever goes back after logout; asked for where the
   * session has a value of a field with `regenerate: "on-change"`, such as its user, and with
   * `$headers`. `undefined` where the session was not used.
   */
  get $cacheControl(): "no-store" | "private, no-cache" | undefined {
    const { accessed, context, headers } = this.#state;
    if (headers.length > 0) return "no-store";
    if (!accessed) return undefined;
    const known = context.fields.some((field) => field.regenerate !== undefined && this.#state.has(field));
    return known ? "no-store" : "private, no-cache";
  }

  /** Whether `$commit()` would have anything to do. May say yes without need, never no. */
  get $needsCommit(): boolean {
    return needsCommit(this.#state);
  }

  /**
   * Assigns several fields at once. All are checked before any is assigned.
   * @throws SessionFieldError when the schema forbids one of the values, or knows no such field
   */
  $assign(patch: Patch): void {
    this.#refuseUnwritable();
    const fields = Object.entries(patch).map(([name, value]) => {
      const field: FieldDefinition = this.#field(name);
      if (value !== undefined || !field.optional) field.check(value);
      return [field, value] as const;
    });
    for (const [field] of fields) this.#refuseLate(field);
    for (const [field, value] of fields) this.#state.set(field, value);
  }

  /** Removes every field; the session itself, with its id, stays. */
  $clear(): void {
    this.#refuseUnwritable();
    const { fields } = this.#state.context;
    for (const field of fields) if (this.#state.has(field)) this.#refuseLate(field);
    for (const field of fields) this.#state.set(field, undefined);
  }

  /**
   * Adds an element to a flash list, to be shown once. Unlike reading the list and pushing to it,
   * this does not count as showing what is there.
   * @throws SessionFieldError when the schema forbids it
   */
  $flash<Name extends keyof Flash & string>(name: Name, item: Flash[Name]): void {
    this.#refuseUnwritable();
    const field = this.#flashList(name);
    this.#refuseLate(field);
    this.#state.add(field, item);
  }

  /**
   * Takes elements out of a flash list; the others stay for later. What the getter has shown in
   * this request is not given again.
   * @param matches - which ones; without it, all
   */
  $flashed<Name extends keyof Flash & string>(
    name: Name,
    matches: (item: Flash[Name]) => boolean = () => true,
  ): Flash[Name][] {
    const field = this.#flashList(name);
    return this.#state.take(field, (item) => matches(item as Flash[Name])) as Flash[Name][];
  }

  /**
   * Flash fields that were read in this request stay for the next one, too. Without names: all of
   * them.
   */
  $keep(...names: readonly (keyof Data & string)[]): void {
    const { fields } = this.#state.context;
    const kept = names.length === 0 ? fields : names.map((name) => this.#field(name));
    for (const field of kept) this.#state.keep(field);
  }

  /**
   * Gives the session a new id at the next commit; the old one stops working. Do so whenever
   * privileges change, above all at login: an id that somebody planted before is then worthless
   * (OWASP ASVS 5, 7.2.4).
   */
  async $regenerate(): Promise<void> {
    this.#refuseUnwritable();
    this.#refuseWithoutHeaders("a new id");
    await this.#inTurn(async () => {
      this.#state.regenerate = true;
    });
  }

  /**
   * Runs a function while no other request does so with the same session, in whatever process, and
   * saves what it changed: for what no merge policy can bring together, such as a balance that must
   * not be spent twice. Inside, fields show what is stored by then; what was changed before is
   * merged into that. Read anew what was read outside. Not to be called inside of itself.
   *
   * Requests that do not lock are not kept out: where one of them has changed the same field, and
   * no policy merges it, this one fails with `session/conflict`. When anything fails, the
   * function's changes are undone.
   *
   * @returns what the function returns
   * @throws SessionError `session/locked` when others held the lock for too long, `session/no-lock`
   *   when the store has none, `session/gone` when the session ended or got a new id before its
   *   turn came; `session/lock-unclear` when nobody knows whether the changes are saved; what
   *   `$commit()` throws; what the function throws
   */
  async $lock<T>(work: () => T | Promise<T>, options: LockOptions = {}): Promise<T> {
    this.#refuseUnwritable();
    return withLock(this.#state, (operate) => this.#inTurn(operate), work, options);
  }

  /**
   * Removes the session from the store, and makes the browser forget it. What is assigned later
   * begins anew. When it fails with `store/…`, the session is still to be removed: called again, or
   * at the next commit, it is, and only then the cookie goes.
   * @throws SessionError `session/gone` when another request ended it first, or gave it a new id;
   *   `session/moved` when the request came with an id that has moved; `session/conflict`,
   *   `store/…`
   */
  async $destroy(): Promise<void> {
    this.#refuseUnwritable();
    await this.#inTurn(() => destroy(this.#state));
  }

  /**
   * Switches the session off for this request: what was changed and not yet committed is dropped,
   * nothing is saved, touched or set, and writes from now on are refused with `session/disabled`.
   * Reading goes on; in the store nothing has happened. For requests that must leave no trace, such
   * as those of a monitor. What an earlier `$commit()` or `$destroy()` did is done, and the client
   * is told of it.
   */
  $disable(): void {
    this.#state.isDisabled = true;
  }

  /**
   * Counts as use of the session even if nothing is read: the commit moves its expiry when that is
   * due.
   */
  $touch(): void {
    this.#state.accessed = true;
  }

  /**
   * Has the next commit store a new session although nothing was written: `$id` then stays the same
   * for the requests to come, as tokens against CSRF need it. Does nothing to one that is stored.
   */
  $persist(): void {
    this.#refuseUnwritable();
    if (this.#state.stored !== undefined) return;
    this.#refuseWithoutHeaders("beginning a session");
    this.#state.persist = true;
  }

  /**
   * For hosts, when the response's headers have left: what takes one is refused from now on, with
   * `session/headers-sent`. What a session on its way may still change is saved by `$commit()`
   * alone.
   */
  $headersSent(): void {
    this.#state.headersSent = true;
  }

  /**
   * For hosts, when the response has ended: publishes `unsaved` if something was changed since its
   * headers left and not committed.
   */
  $ended(): void {
    const { context, isDisabled, nullBecause } = this.#state;
    if (isDisabled || nullBecause !== undefined || !this.#state.mayHaveChanges()) return;
    const fields = this.#state.changedFields();
    if (fields.length > 0) context.events.publish("unsaved", { fields });
  }

  /** For hosts: tells of an error that reaches nobody else; see `onError` of the options. */
  $report(error: unknown): void {
    this.#state.context.onError(error);
  }

  /**
   * Saves what changed and gives back the values of the Set-Cookie headers that the response needs.
   * May be called more than once: what earlier calls gave back is there again, unless a later
   * cookie replaces it. `$headers` has those of every transport.
   * @throws SessionError `session/gone`, `session/conflict`, `session/moved`, `session/unclear`,
   *   `session/null-session`, `session/headers-sent`, `session/too-large`, `store/…`;
   *   SessionFieldError
   */
  $commit(): Promise<readonly string[]> {
    return this.#inTurn(() => commit(this.#state));
  }

  /**
   * The fields that are present, without those marked `redact`; reading them this way has no
   * consequences.
   */
  toJSON(): Partial<Data> {
    const json: Record<string, unknown> = {};
    for (const field of this.#state.context.fields) {
      const value = field.redact ? undefined : this.#state.peek(field);
      if (value !== undefined) json[field.name] = value;
    }
    return json as Partial<Data>;
  }

  /**
   * The fields marked `client` that are present: what may be sent to the browser, such as the state
   * a page starts from. Reading them this way has no consequences.
   */
  $client(): Client {
    const client: Record<string, unknown> = {};
    for (const field of this.#state.context.fields) {
      const value = field.client ? this.#state.peek(field) : undefined;
      if (value !== undefined) client[field.name] = value;
    }
    return client as Client;
  }

  /** Name and value of every field that is present. */
  *[Symbol.iterator](): IterableIterator<SessionEntry<Data>> {
    for (const field of this.#state.context.fields) {
      const value = this.#state.get(field);
      if (value !== undefined) yield [field.name, value] as SessionEntry<Data>;
    }
  }

  /** For generated getters. */
  protected $get<T>(field: FieldDefinition<T>): T {
    return this.#state.get(field) as T;
  }

  /** For generated setters. Throws `SessionFieldError` when the schema forbids the value. */
  protected $set<T>(field: FieldDefinition<T>, value: T | undefined): void {
    this.#refuseUnwritable();
    const definition: FieldDefinition = field;
    if (value !== undefined || !definition.optional) definition.check(value);
    this.#refuseLate(definition);
    this.#state.set(definition, value);
  }

  /**
   * One after the other, whatever becomes of the one before: two commits at once would make two
   * sessions of a new one.
   */
  #inTurn<T>(operate: () => Promise<T>): Promise<T> {
    const turn = this.#latest === undefined ? operate() : this.#latest.then(operate, operate);
    this.#latest = turn;
    return turn;
  }

  #flashList(name: string): FieldDefinition {
    const field = this.#field(name);
    if (field.flash === "list") return field;
    throw new SessionError("field/unknown", `The session has no flash list ${JSON.stringify(name)}`);
  }

  #field(name: string): FieldDefinition {
    const field = this.#state.context.fields.find((candidate) => candidate.name === name);
    if (field === undefined)
      throw new SessionError("field/unknown", `The session has no field ${JSON.stringify(name)}`);
    return field;
  }

  #refuseUnwritable(): void {
    if (this.#state.nullBecause !== undefined) throw outOfReach(this.#state.nullBecause);
    if (this.#state.isDisabled) throw switchedOff();
  }

  /** Once the headers have left, a field is refused whose change would have to be told in one. */
  #refuseLate(field: FieldDefinition): void {
    const { stored, channel } = this.#state;
    if (stored === undefined) this.#refuseWithoutHeaders("beginning a session");
    else if (field.regenerate === "on-change") this.#refuseWithoutHeaders("a new id");
    else if (channel?.carries) this.#refuseWithoutHeaders("what travels with its user");
  }

  #refuseWithoutHeaders(what: string): void {
    if (this.#state.headersSent) throw headersLeft(what);
  }
}
