import type { IncomingMessage, ServerResponse } from "node:http";
import { SessionError } from "../../errors.js";
import { type AttachOptions, openHeld } from "../../http/node.js";
import { refuseDisplaced, refuseTaken, taken } from "../../http/place.js";
import type { Sessions } from "../../session/lifecycle/sessions.js";
import { type SessionBase, stateOf } from "../../session/state/session-base.js";
import type { SessionState } from "../../session/state/state.js";
import { cookieOf, keptMaxAge } from "./compat/cookie.js";
import { COOKIE, FormerData, LiveData, replaced } from "./compat/data.js";
import { type Callback, type ExpressSession, type Shown, viewOf } from "./compat/view.js";

export type { ExpressSessionCookie } from "./compat/cookie.js";
export type { ExpressSession, ExpressSessionMembers } from "./compat/view.js";

/** The fields of a session that can be its bag: records of anything. */
export type BagOf<S> = {
  [Name in keyof S & string]: Record<string, unknown> extends Exclude<S[Name], undefined> ? Name : never;
}[keyof S & string];

/** Options of {@link attachExpressSession}. */
export interface AttachExpressOptions<S, R extends IncomingMessage = IncomingMessage>
  extends AttachOptions<R> {
  /** What the session is called on the request. */
  readonly as: string;
  /** The field that keeps what middleware puts into sessions and the schema does not name. */
  readonly bag?: BagOf<S>;
}

/** The part of express-session's store that middleware finds on requests. */
export interface ExpressSessionStore {
  /** Begins an empty session in the place of the request's, as after `destroy`. */
  generate(request: IncomingMessage): void;
  /** Ends the request's session, and begins an empty one. */
  regenerate(request: IncomingMessage, callback: Callback): void;
}

/**
 * Opens the request's session as `attachSession` does, and puts it on the request as middleware
 * written for express-session knows it, with `sessionID` and `sessionStore` beside.
 *
 * @throws SessionError what `attachSession` throws
 */
export async function attachExpressSession<S extends SessionBase, R extends IncomingMessage>(
  sessions: Sessions<S>,
  request: R,
  response: ServerResponse,
  { as, bag, ...options }: AttachExpressOptions<S, R>,
): Promise<ExpressSession<S>> {
  const present: unknown = Reflect.get(request, as);
  refuseTaken(present, `request.${as}`);
  if (present !== undefined && present !== null) return present as ExpressSession<S>;
  let compat: CompatRequest | undefined;
  const check = (): void => compat?.refuseDisplaced();
  const session = await openHeld(sessions, request, response, options, check);
  compat = new CompatRequest(request, as, session, bag);
  return compat.view as ExpressSession<S>;
}

/** The session of one request, whatever becomes of it. */
class CompatRequest {
  readonly #request: IncomingMessage;
  readonly #as: string;
  readonly #session: SessionBase;
  readonly #state: SessionState;
  readonly #bag: string | undefined;
  readonly #fields: ReadonlySet<string>;
  readonly #get = (): object | undefined => this.#view;
  #shown: Shown | undefined;
  #view: object | undefined;

  constructor(request: IncomingMessage, as: string, session: SessionBase, bag: string | undefined) {
    this.#request = request;
    this.#as = as;
    this.#session = session;
    this.#state = stateOf(session);
    this.#bag = bag;
    this.#fields = new Set(this.#state.context.fields.map(({ name }) => name));
    this.#show();
    const { sessionStore } = this;
    Object.defineProperties(request, {
      [as]: {
        ...{ configurable: true, enumerable: true, get: this.#get },
        set: (value: unknown) => this.#replace(value),
      },
      sessionID: { configurable: true, enumerable: true, get: () => session.$id },
      sessionStore: { configurable: true, enumerable: true, writable: true, value: sessionStore },
    });
  }

  /** What the request has as its session; `undefined` after `destroy`. */
  get view(): object | undefined {
    return this.#view;
  }

  /** Refuses what has taken the place on the request, such as cookie-session, mounted behind. */
  refuseDisplaced(): void {
    refuseDisplaced(this.#request, `request.${this.#as}`, this.#get);
  }

  get sessionStore(): ExpressSessionStore {
    return {
      generate: () => {
        if (this.#view !== undefined) this.#end().catch((error: unknown) => this.#session.$report(error));
        this.#show();
      },
      regenerate: (_request, callback) => this.#call(this.#regenerate(), callback),
    };
  }

  /** From now on the request has what the session is now. */
  #show(): void {
    const session = this.#session;
    const data = new LiveData(session, this.#state, this.#bag);
    this.#state.lastIdle(keptMaxAge(new LiveData(session, this.#state, this.#bag)));
    const keep =
      this.#bag === undefined
        ? undefined
        : (originalMaxAge: number | undefined): void => {
            if (originalMaxAge === undefined) data.delete(COOKIE);
            else data.set(COOKIE, { originalMaxAge });
          };
    const shown: Shown = {
      session,
      fields: this.#fields,
      isFormer: false,
      data,
      cookie: cookieOf(this.#state, keep, session),
      members: new Map(),
      id: () => session.$id,
    };
    const view = viewOf(shown);
    shown.members = this.#membersOf(shown, view);
    this.#shown = shown;
    this.#view = view;
  }

  #membersOf(shown: Shown, view: object): Shown["members"] {
    const unlessFormer =
      (what: string, operate: () => Promise<unknown>) =>
      (callback?: Callback): object => {
        this.#call(shown.isFormer ? Promise.reject(replaced(what)) : operate(), callback);
        return view;
      };
    const touch = (): object => {
      if (!shown.isFormer) this.#session.$touch();
      return view;
    };
    return new Map<string, (callback?: Callback) => object>([
      ["save", unlessFormer("session.save() was called", () => this.#session.$commit())],
      ["reload", unlessFormer("session.reload() was called", () => this.#reload())],
      ["destroy", unlessFormer("session.destroy() was called", () => this.#end())],
      [
        "regenerate",
        (callback) => {
          this.#call(this.#regenerate(), callback);
          return view;
        },
      ],
      ["touch", touch],
      ["resetMaxAge", touch],
    ]);
  }

  /** The request has no session any more; the one that it had still shows what was in it. */
  #leave(): void {
    const shown = this.#shown;
    this.#view = undefined;
    this.#shown = undefined;
    if (shown === undefined) return;
    const id = this.#session.$id;
    shown.data = new FormerData(shown.data, (error) => this.#session.$report(error));
    shown.cookie = { ...shown.cookie, maxAge: shown.cookie.maxAge };
    shown.id = () => id;
    shown.isFormer = true;
  }

  #end(): Promise<void> {
    this.#leave();
    return this.#session.$destroy();
  }

  async #regenerate(): Promise<void> {
    try {
      await this.#end().catch((error: unknown) => {
        if (!this.#isOver(error)) throw error;
      });
      // A request that came too late for its session may begin anew.
      if (this.#state.held !== undefined) await this.#session.$regenerate();
    } finally {
      this.#show();
    }
  }

  /**
   * Whether there is nothing left to end: the request came with an id that has been replaced, or
   * another one ended the session first. One that others have just moved goes on under its new id,
   * and whoever logs out must hear of that.
   */
  #isOver(error: unknown): boolean {
    if (!(error instanceof SessionError)) return false;
    return error.code === "session/moved" || (error.code === "session/gone" && this.#state.held !== "moved");
  }

  async #reload(): Promise<void> {
    if (!(await this.#session.$reload())) throw new Error("failed to load session");
    this.#show();
  }

  /** Middleware assigns nothing to end a session, in the way of cookie-session's. */
  #replace(value: unknown): void {
    if (value !== undefined && value !== null) throw taken(`request.${this.#as}`);
    this.#leave();
    this.#session.$disable();
  }

  /** Calls back outside of the promise: what is thrown there is the callback's own. */
  #call(work: Promise<unknown>, callback: Callback | undefined): void {
    const done = callback ?? ((error) => error !== undefined && this.#session.$report(error));
    work.then(
      () => setImmediate(done),
      (error: unknown) => setImmediate(done, error),
    );
  }
}
