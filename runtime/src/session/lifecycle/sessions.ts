import type { IndexedValue } from "../../codec/definition.js";
import { SessionError } from "../../errors.js";
import { type RequestFacts, type RequestHeaders, transportRequest } from "../../transports/request.js";
import type { SessionEvents, SessionListener } from "../context/events.js";
import type { SessionContext, SessionsOptions } from "../context/options.js";
import { notIndexed } from "../context/refusals.js";
import { resolveOptions } from "../context/resolve.js";
import { seams } from "../context/seam.js";
import type { FoundSession, ListedSession } from "../lookup/list.js";
import type { SessionLookup } from "../lookup/lookup.js";
import { type SweepBatches, sweepInBatches } from "../lookup/sweep.js";
import type { IndexState } from "../records/index-notes.js";
import type { SessionBase } from "../state/session-base.js";
import { SessionState } from "../state/state.js";
import { storedState } from "../state/stored-state.js";
import { refuseInherited } from "../state/unknown-fields.js";
import { openState } from "./open.js";

/** The fields of a session class, as its getters return them. */
export type DataOf<S> = S extends SessionBase<infer Data, never> ? Data : never;

/** The generated class. */
export type SessionClass<S extends SessionBase> = new (state: SessionState) => S;

/**
 * All sessions of an application.
 * @typeParam S - the generated class
 * @typeParam Indexed - the type of every indexed part of a session, by its path
 * @typeParam Listed - the fields that lists show
 */
export interface Sessions<
  S extends SessionBase,
  Indexed extends object = object,
  Listed extends object = object,
> {
  /**
   * Opens the session that a request names; an anonymous one when it names none, or one that is
   * unknown, expired, or cannot be read. One round trip to the store, none without a token.
   *
   * @param headers - the request's; where sessions travel in cookies, the value of its Cookie
   *   header is enough
   * @param facts - what else is known of the request
   * @throws SessionError `store/…` when the store is out of reach and `onStoreError` is `"error"`
   */
  open(headers: RequestHeaders, facts?: RequestFacts): Promise<S>;
  /**
   * Gives a session for a request that is to have none: it reads as empty, refuses writes with
   * `session/disabled`, and neither asks the store nor sets a cookie. Hosts give it to requests
   * that their `skip` excepts.
   */
  disabled(): S;
  /**
   * Finds the sessions of which an indexed field has that value, such as all of a user. They are
   * read in pages; one that cannot be read is not among them.
   * @throws SessionError `session/no-lookup`, `session/index-not-final`, `store/…`
   */
  findBy<Path extends keyof Indexed & string>(
    path: Path,
    value: Indexed[Path] & IndexedValue,
  ): AsyncIterable<FoundSession<DataOf<S>>>;
  /**
   * Lists the sessions of a value for a page that shows users where they are logged in, the one
   * used last in front. Each has a handle for {@link revoke}, which opens nothing.
   * @param options - `current`: the session of who asks, to be told from the others
   * @throws SessionError `session/no-lookup`, `store/…`
   */
  list<Path extends keyof Indexed & string>(
    path: Path,
    value: Indexed[Path] & IndexedValue,
    options?: { readonly current?: Pick<S, "$id"> },
  ): Promise<readonly ListedSession<Listed>[]>;
  /**
   * Ends the one session that a handle of {@link list} names, if it has that value: nobody ends a
   * session of somebody else's, whatever handle they send. What a request under way still writes
   * into it is refused.
   * @param options - `by`: the field and the value, such as `["user.id", session.user.id]`
   * @returns `false` when it has ended already, or goes on under a new id, and with it a new handle
   * @throws SessionError `session/no-lookup`, `session/conflict` when others kept changing it,
   *   `store/…`
   */
  revoke<Path extends keyof Indexed & string>(
    handle: string,
    options: { readonly by: readonly [path: Path, value: Indexed[Path] & IndexedValue] },
  ): Promise<boolean>;
  /**
   * Logs everybody out: every session that began before is over. This process knows at once, others
   * within 5 seconds; who logs in at one of those meanwhile has to do so once more. Nothing is
   * removed: what is stored expires. Of one kind of sessions, where an application has several.
   * @throws SessionError `session/no-revoke-all` where sessions travel in cookies, or the store has
   *   no conditional writes between processes; `store/…` when nobody knows whether it was done
   */
  revokeAll(): Promise<void>;
  /**
   * Removes the sessions of which an indexed field has that value: "log out everywhere". One that
   * cannot be read ends, too, where the store says that it has the value, or cannot say. What a
   * request under way still writes into one of them is refused.
   * @param options - `except`: a session that stays, such as the one of the user who asks
   * @returns how many there were
   * @throws SessionError `session/no-lookup`, `session/conflict` when some are left, `store/…`
   */
  destroyBy<Path extends keyof Indexed & string>(
    path: Path,
    value: Indexed[Path] & IndexedValue,
    options?: { readonly except?: Pick<S, "$id"> },
  ): Promise<number>;
  /**
   * Counts the sessions that have that value, those included that cannot be read, but of which the
   * store says so. Reads them, in pages.
   * @throws SessionError `session/no-lookup`, `store/…`
   */
  count<Path extends keyof Indexed & string>(
    path: Path,
    value: Indexed[Path] & IndexedValue,
  ): Promise<number>;
  /**
   * Tells how far the index on a field is: `final` when lookups by it find every session, `filled`
   * when those may be missing that an older deploy writes, `open` when those may be that were
   * stored before there was the index. Until it is final, lookups go through all sessions besides,
   * up to 10 000 and where the store can list them, or else end with `session/index-not-final`
   * behind what they found.
   * @throws SessionError `session/no-lookup`, `store/…`
   */
  indexState<Path extends keyof Indexed & string>(path: Path): Promise<IndexState>;
  /**
   * Deletes expired sessions in batches where the backend does not do so itself; safe beside
   * traffic. For a scheduler:
   *
   * ```ts
   * setInterval(() => sessions.sweep().catch(console.error), 60 * 60_000).unref();
   * ```
   *
   * @returns how many records were deleted: sessions, and what is kept like one for some seconds,
   *   the traces of those that ended or got another id, and locks
   * @throws SessionError `store/…`
   */
  sweep(options?: SweepBatches): Promise<number>;
  /** Listens to an event until the returned function is called. */
  on<E extends keyof SessionEvents>(event: E, listener: SessionListener<E>): () => void;
  /** Closes the store. */
  close(): Promise<void>;
}

/** What a generated module hands over. */
interface Wiring extends SessionsOptions {
  /** What finds sessions by their fields, where a field has an index. */
  readonly lookup?: SessionLookup;
}

/**
 * Wires a generated session class to its store. The generated `index.ts` calls it.
 * @throws SessionError `cookie/invalid-option`, `cookie/weak-secret`, `session/invalid-part`
 */
export function createSessions<
  S extends SessionBase,
  Indexed extends object = object,
  Listed extends object = object,
>(options: Wiring & { readonly Session: SessionClass<S> }): Sessions<S, Indexed, Listed> {
  let context = resolveOptions(options);
  const { Session } = options;
  refuseInherited(Session);
  const lookupBy = lookupOf(options);
  const sessions: Sessions<S, Indexed, Listed> = {
    open(headers, facts = {}) {
      const begun = performance.now();
      const opened = (state: SessionState): S => {
        if (context.events.has("opened")) {
          context.events.publish("opened", {
            found: state.stored !== undefined,
            bytes: state.stored?.bytes ?? 0,
            duration: performance.now() - begun,
          });
        }
        return new Session(state);
      };
      try {
        const opening = openState(context, transportRequest(headers, facts));
        return opening instanceof SessionState ? Promise.resolve(opened(opening)) : opening.then(opened);
      } catch (error) {
        return Promise.reject(error);
      }
    },
    disabled() {
      const state = new SessionState(context);
      state.disable();
      return new Session(state);
    },
    async *findBy(path, value) {
      for await (const { key, stored, record } of lookupBy(context, path).certain(context, { path, value })) {
        if (record === undefined) continue;
        const state = SessionState.of(context, storedState({ id: "", key }, stored, record));
        const session = new Session(state);
        yield {
          data: session.toJSON() as Partial<DataOf<S>>,
          createdAt: session.$createdAt,
          expiresAt: session.$expiresAt,
          permanent: session.$permanent,
        };
      }
    },
    list: async (path, value, { current } = {}) =>
      lookupBy(context, path).list(context, { path, value }, current?.$id),
    revoke: async (handle, { by: [path, value] }) =>
      lookupBy(context, path).revoke(context, handle, { path, value }),
    async revokeAll() {
      if (context.missing !== undefined) throw context.missing;
      await context.epoch.renew();
      context.events.publish("revoked-all", {});
    },
    destroyBy: async (path, value, { except } = {}) =>
      lookupBy(context, path).destroyBy(context, { path, value }, except?.$id),
    count: async (path, value) => lookupBy(context, path).count(context, { path, value }),
    indexState: async (path) => lookupBy(context, path).stateOf(context, path),
    sweep: (options) => sweepInBatches((limit, cursor) => context.store.sweep(limit, cursor), options),
    on: (event, listener) => context.events.on(event, listener),
    close: () => context.store.close(),
  };
  seams.set(sessions, {
    get context() {
      return context;
    },
    replace(parts) {
      context = resolveOptions({ ...options, parts: { ...options.parts, ...parts } }, context.events);
    },
  });
  return sessions;
}

/**
 * Gives what finds sessions by a path.
 * @throws SessionError `session/invalid-part` where fields have indexes, and nothing finds by them
 */
function lookupOf({ fields, lookup }: Wiring): (context: SessionContext, path: string) => SessionLookup {
  if (lookup === undefined && fields.some(({ indexes = [] }) => indexes.length > 0))
    throw new SessionError(
      "session/invalid-part",
      "Fields have an index, and the option `lookup` is not the `lookup` of @sessgen/runtime",
    );
  return (context, path) => {
    if (lookup !== undefined) return lookup;
    throw context.missing ?? notIndexed(path);
  };
}
