import { SessionError } from "../../../errors.js";
import type { SessionBase } from "../../../session/state/session-base.js";
import type { SessionState } from "../../../session/state/state.js";
import { unknownField } from "../../../session/state/unknown-fields.js";
import { refuseLate, refuseUnwritable } from "../../../session/state/writable.js";

/** What is in a session, by name. */
export interface SessionData {
  /**
   * Gives the names of what is there.
   * @param options - `redacted: false`: without what is not to be shown
   */
  names(options?: { readonly redacted: boolean }): string[];
  has(name: string): boolean;
  /** Reads it for the application: a flash field counts as shown. */
  get(name: string): unknown;
  /** Reads it without consequences. */
  peek(name: string): unknown;
  set(name: string, value: unknown): void;
  /** Removes it; there may be nothing. */
  delete(name: string): void;
}

/** The name of the cookie, and in the bag of what a session has of its own about it. */
export const COOKIE = "cookie";

type Values = Record<string, unknown>;

/**
 * The fields of a session, and in one of them, the bag, everything else that middleware keeps in a
 * session.
 */
export class LiveData implements SessionData {
  readonly #session: SessionBase & Values;
  readonly #state: SessionState;
  readonly #bag: string | undefined;

  /** @param bag - a field that is a record of anything */
  constructor(session: SessionBase, state: SessionState, bag: string | undefined) {
    this.#session = session as SessionBase & Values;
    this.#state = state;
    this.#bag = bag;
  }

  names({ redacted }: { readonly redacted: boolean } = { redacted: true }): string[] {
    const shown = this.#state.context.fields.filter((field) => redacted || !field.redact);
    return shown.flatMap((field) => {
      if (field.name === this.#bag) return Object.keys(this.#bagged()).filter((name) => name !== COOKIE);
      return this.#state.peek(field) === undefined ? [] : [field.name];
    });
  }

  has(name: string): boolean {
    return this.#field(name) === undefined
      ? Object.hasOwn(this.#bagged(), name)
      : this.peek(name) !== undefined;
  }

  get(name: string): unknown {
    if (this.#field(name) !== undefined) return this.#session[name];
    // What is in the bag may be changed in place: it counts as read.
    const bag = this.#read();
    return Object.hasOwn(bag, name) ? bag[name] : undefined;
  }

  peek(name: string): unknown {
    const field = this.#field(name);
    if (field !== undefined) return this.#state.peek(field);
    const bag = this.#bagged();
    return Object.hasOwn(bag, name) ? bag[name] : undefined;
  }

  set(name: string, value: unknown): void {
    if (this.#field(name) !== undefined) this.#session[name] = value;
    else if (this.#bag === undefined) throw unknownField(name, "a bag beside compat");
    else if (name === "__proto__" || typeof value === "function") throw unkeepable(name);
    else this.#session[this.#bag] = { ...this.#read(), [name]: value };
  }

  delete(name: string): void {
    const field = this.#field(name);
    if (field !== undefined) {
      refuseUnwritable(this.#state);
      if (!this.#state.has(field)) return;
      refuseLate(this.#state, field);
      // Back to its default, where it has one.
      this.#state.set(field, undefined);
    } else if (this.#bag !== undefined && this.has(name)) {
      const { [name]: _, ...rest } = this.#read();
      this.#session[this.#bag] = rest;
    }
  }

  #field(name: string) {
    return this.#state.context.fields.find((field) => field.name === name);
  }

  /** What is in the bag, read for the application. */
  #read(): Values {
    return this.#bag === undefined ? {} : ((this.#session[this.#bag] as Values | undefined) ?? {});
  }

  #bagged(): Values {
    return this.#bag === undefined ? {} : ((this.peek(this.#bag) as Values | undefined) ?? {});
  }
}

/** What was in a session that the request has no longer. */
export class FormerData implements SessionData {
  readonly #values: Map<string, unknown>;
  /** What may be shown. */
  readonly #open: ReadonlySet<string>;
  readonly #report: (error: SessionError) => void;
  #reported = false;

  /** @param report - is told of the first attempt to change it */
  constructor(data: SessionData, report: (error: SessionError) => void) {
    this.#values = new Map(data.names().map((name) => [name, data.peek(name)]));
    this.#open = new Set(data.names({ redacted: false }));
    this.#report = report;
  }

  names({ redacted }: { readonly redacted: boolean } = { redacted: true }): string[] {
    return [...this.#values.keys()].filter((name) => redacted || this.#open.has(name));
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  get(name: string): unknown {
    return this.#values.get(name);
  }

  peek(name: string): unknown {
    return this.#values.get(name);
  }

  set(name: string, value: unknown): void {
    this.#warn(name);
    this.#values.set(name, value);
  }

  delete(name: string): void {
    this.#warn(name);
    this.#values.delete(name);
  }

  /** As with express-session, it goes nowhere; but not in silence. */
  #warn(name: string): void {
    if (this.#reported) return;
    this.#reported = true;
    this.#report(replaced(`session.${name} was changed`));
  }
}

/** Says that the request has another session by now, or none. */
export function replaced(what: string): SessionError {
  return new SessionError(
    "session/replaced",
    `${what} after regenerate() or destroy(), in the session that the request had before`,
  );
}

function unkeepable(name: string): SessionError {
  return new SessionError(
    "field/unknown",
    `session[${JSON.stringify(name)}] cannot be kept: no data can be a function, or be called __proto__`,
  );
}
