import type { ResponseHeader } from "../../transports/transport.js";
import { commit, needsCommit } from "../lifecycle/commit.js";
import { destroy } from "../lifecycle/destroy.js";
import type { LockOptions } from "../lifecycle/lease.js";
import { withLock } from "../lifecycle/lock.js";
import { reload } from "../lifecycle/reload.js";
import { expiryOf } from "./lifetime.js";
import { SessionFields } from "./session-fields.js";
import type { SessionState } from "./state.js";
import { refuseUnwritable, refuseWithoutHeaders } from "./writable.js";

let stateIn: (session: SessionBase) => SessionState;

/** Gives what a session is made of, for adapters: nothing of it is for applications. */
export function stateOf(session: SessionBase): SessionState {
  return stateIn(session);
}

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
> extends SessionFields<Data, Patch, Client, Flash> {
  static {
    stateIn = (session) => session.#state;
  }

  readonly #state: SessionState;
  /** What may be under way; the next operation begins when it has settled. */
  #latest: Promise<unknown> | undefined;

  /** Sessions are made by `sessions.open()`. */
  constructor(state: SessionState) {
    super(state);
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
    return this.#state.isModified;
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
    refuseUnwritable(this.#state);
    if (value !== this.#state.isPermanent)
      refuseWithoutHeaders(this.#state, "another lifetime of the cookie");
    this.#state.ask({ permanent: value });
  }

  /**
   * The headers of the response that hand the session out, or take it back, as of the last
   * `$commit()` or `$destroy()`: `Set-Cookie`, or those of another transport. Hosts add them, also
   * when a later commit fails: they say what is true in the store. With them goes `Cache-Control`,
   * see `$cacheControl`.
   */
  get $headers(): readonly ResponseHeader[] {
    return this.#state.answer.headers;
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
    const { accessed, context, answer } = this.#state;
    if (answer.headers.length > 0) return "no-store";
    if (!accessed) return undefined;
    const known = context.fields.some((field) => field.regenerate !== undefined && this.#state.has(field));
    return known ? "no-store" : "private, no-cache";
  }

  /** Whether `$commit()` would have anything to do. May say yes without need, never no. */
  get $needsCommit(): boolean {
    return needsCommit(this.#state);
  }

  /**
   * Gives the session a new id at the next commit; the old one stops working. Do so whenever
   * privileges change, above all at login: an id that somebody planted before is then worthless
   * (OWASP ASVS 5, 7.2.4).
   */
  async $regenerate(): Promise<void> {
    refuseUnwritable(this.#state);
    refuseWithoutHeaders(this.#state, "a new id");
    await this.#inTurn(async () => {
      this.#state.ask({ regenerate: true });
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
    refuseUnwritable(this.#state);
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
    refuseUnwritable(this.#state);
    await this.#inTurn(() => destroy(this.#state));
  }

  /**
   * Reads the session anew, for what outlives a request, such as a connection of WebSockets. What
   * was changed and not saved is dropped, and values that were handed out are no longer the
   * session's.
   * @returns `false` when nothing is stored for it: it has not begun, has ended, or goes on under
   *   another id; it then stays what it was
   * @throws SessionError `store/…`
   */
  async $reload(): Promise<boolean> {
    let found = false;
    await this.#inTurn(async () => {
      found = await reload(this.#state);
    });
    return found;
  }

  /**
   * Switches the session off for this request: what was changed and not yet committed is dropped,
   * nothing is saved, touched or set, and writes from now on are refused with `session/disabled`.
   * Reading goes on; in the store nothing has happened. For requests that must leave no trace, such
   * as those of a monitor. What an earlier `$commit()` or `$destroy()` did is done, and the client
   * is told of it.
   */
  $disable(): void {
    this.#state.disable();
  }

  /**
   * Counts as use of the session even if nothing is read: the commit moves its expiry when that is
   * due.
   */
  $touch(): void {
    this.#state.use();
  }

  /**
   * Has the next commit store a new session although nothing was written: `$id` then stays the same
   * for the requests to come, as tokens against CSRF need it. Does nothing to one that is stored.
   */
  $persist(): void {
    refuseUnwritable(this.#state);
    if (this.#state.stored !== undefined) return;
    refuseWithoutHeaders(this.#state, "beginning a session");
    this.#state.ask({ persist: true });
  }

  /**
   * Notes, for hosts, that the response's headers have left: what takes one is refused from now on,
   * with `session/headers-sent`. What a session on its way may still change is saved by `$commit()`
   * alone.
   */
  $headersSent(): void {
    this.#state.answer.leave();
  }

  /**
   * Publishes `unsaved`, for hosts whose response has ended, if something was changed since its
   * headers left and not committed.
   */
  $ended(): void {
    const { context, isDisabled, nullBecause } = this.#state;
    if (isDisabled || nullBecause !== undefined || !this.#state.values.mayHaveChanged()) return;
    const fields = this.#state.values.changed();
    if (fields.length > 0) context.events.publish("unsaved", { fields });
  }

  /**
   * Calls back, for hosts of connections that stay open, when this process has ended the session,
   * or given it another id. Never for a session that is not stored.
   * @returns what ends that
   */
  $onEnded(listener: () => void): () => void {
    const { context, stored } = this.#state;
    return stored === undefined ? () => {} : context.store.endings.on(stored.key, listener);
  }

  /** Tells, for hosts, of an error that reaches nobody else; see `onError` of the options. */
  $report(error: unknown): void {
    this.#state.context.onError(error);
  }

  /**
   * Saves what changed and gives back the values of the Set-Cookie headers that the response needs.
   * May be called more than once: what earlier calls gave back is there again, unless a later
   * cookie replaces it. `$headers` has those of every transport.
   * @throws SessionError `session/gone`, `session/conflict`, `session/moved`, `session/unclear`,
   *   `session/null-session`, `session/headers-sent`, `session/too-large`, `session/substitute`
   *   when a change would replace what is stored and cannot be read: the next request's may,
   *   `store/…`; SessionFieldError
   */
  $commit(): Promise<readonly string[]> {
    return this.#inTurn(() => commit(this.#state));
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
}
