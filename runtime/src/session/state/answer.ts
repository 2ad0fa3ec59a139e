import type { ResponseHeader } from "../../transports/transport.js";
import type { BoundTransport } from "./bound-transport.js";
import type { StoredState } from "./stored-state.js";

/** What the response tells the client of its session. */
export class Answer {
  readonly #transport: BoundTransport | undefined;
  #headers: readonly ResponseHeader[] = [];
  #haveLeft = false;
  #owesEnd = false;

  /** @param bound - the way back to the client, where a request came from one */
  constructor(bound: BoundTransport | undefined) {
    this.#transport = bound;
  }

  /** What the response needs so far; a later commit replaces it, for there is one session. */
  get headers(): readonly ResponseHeader[] {
    return this.#headers;
  }

  /** The response's headers have left: nothing more can be told in them. */
  get haveLeft(): boolean {
    return this.#haveLeft;
  }

  /** The session was ended, and the commit is to say that the client was told. */
  get owesEnd(): boolean {
    return this.#owesEnd;
  }

  /** Whatever is saved must go back to the client. */
  get repeats(): boolean {
    return this.#transport?.repeats ?? false;
  }

  /** The session itself goes back: what cannot be handed out is not saved. */
  get carries(): boolean {
    return this.#transport?.carries ?? false;
  }

  /** Says that the response's headers have left. */
  leave(): void {
    this.#haveLeft = true;
  }

  /**
   * Has the response hand the session out.
   * @throws SessionError `store/too-large` where it travels itself
   */
  handOut(stored: StoredState): void {
    this.#owesEnd = false;
    if (!this.#haveLeft) this.#headers = this.#transport?.handOut(stored, stored.record.permanent) ?? [];
  }

  /**
   * Refuses a session that travels in its cookie and could not be handed out.
   * @throws SessionError `store/too-large`
   */
  refuseUnfit(stored: Omit<StoredState, "version">): void {
    if (this.carries) this.#transport?.handOut({ ...stored, version: "" }, stored.record.permanent);
  }

  /** Has the client forget what it sent. */
  forget(): void {
    if (!this.#haveLeft) this.#headers = this.#transport?.forget() ?? [];
  }

  /** Has the client forget a session that was ended; the commit is still to say so. */
  end(): void {
    this.#owesEnd = true;
    this.forget();
  }

  /** Has the client forget a session that was ended, if the commit has not said so yet. */
  payEnd(): boolean {
    if (!this.#owesEnd) return false;
    this.#owesEnd = false;
    this.forget();
    return true;
  }
}
