import { environmentName } from "../environment.js";
import { SessionError } from "../errors.js";
import { type Seam, seams } from "../session/context/seam.js";
import type { DataOf, Sessions } from "../session/lifecycle/sessions.js";
import type { SessionBase } from "../session/state/session-base.js";
import { memoryStore } from "../stores/memory/index.js";
import { type FakeClock, fakeClock } from "./fake-clock.js";
import { headersOf, type TestResponse } from "./test-response.js";
import { type RequestHeaderValues, sentBack } from "./tokens.js";

/** What can be assigned to the fields of a session class. */
export type PatchOf<S> = S extends SessionBase<infer _, infer Patch> ? Patch : never;

/** What a session is like that a test begins with. */
export interface TestSessionOptions {
  /** The user asked to be remembered. Default `false`. */
  readonly permanent?: boolean;
  /** Headers of the request that began it, such as `user-agent`, where sessions are bound to it. */
  readonly headers?: RequestHeaderValues;
  /** The client's address, where sessions are bound to it. Default `127.0.0.1`. */
  readonly address?: string;
}

/**
 * What tests of an application do with its sessions. Emitted as functions in `testing.ts`.
 * @typeParam S - the generated class
 */
export interface TestKit<S extends SessionBase> {
  /**
   * Keeps the sessions in this process from now on, in an empty store, by a clock that stands still
   * until it is moved. Called again, it begins anew: in front of each test.
   * @throws SessionError `testing/in-production`
   */
  inMemory(): FakeClock;
  /** Begins a session with these fields; gives back the Cookie header of a request that has it. */
  cookieFor(fields: PatchOf<S>, options?: TestSessionOptions): Promise<string>;
  /** Does the same for any transport: gives back the headers of a request that has the session. */
  headersFor(fields: PatchOf<S>, options?: TestSessionOptions): Promise<RequestHeaderValues>;
  /**
   * Gives the fields of the session that a client has after a response, for the test to assert on;
   * `undefined`: none.
   * @param sent - the Cookie header, or the headers, with which the request came
   */
  sessionOf(response: TestResponse, sent?: string | RequestHeaderValues): Promise<DataOf<S> | undefined>;
}

/** Makes the kit for the sessions that `createSessions` gave. */
export function testKit<S extends SessionBase>(sessions: Pick<Sessions<S>, "open">): TestKit<S> {
  const seam = seams.get(sessions);
  if (seam === undefined) throw new TypeError("These are no sessions of createSessions");
  const headersFor = async (fields: PatchOf<S>, options: TestSessionOptions = {}) =>
    begun(seam, sessions, fields, options);
  return {
    inMemory() {
      if (environmentName() === "production")
        throw new SessionError("testing/in-production", "Tests keep sessions nowhere but in memory");
      const clock = fakeClock(Date.now());
      seam.replace({ store: memoryStore({ clock }), clock });
      return clock;
    },
    headersFor,
    async cookieFor(fields, options) {
      return (await headersFor(fields, options))["cookie"] ?? "";
    },
    async sessionOf(response, sent = {}) {
      const carried = typeof sent === "string" ? { cookie: sent } : sent;
      const headers = sentBack(seam.context, headersOf(response), carried);
      for (const secure of [false, true]) {
        const session = await sessions.open(
          { host: "localhost", ...headers },
          { secure, address: "127.0.0.1" },
        );
        if (!session.$isNew) return session.toJSON() as DataOf<S>;
      }
      return undefined;
    },
  };
}

/** The headers of a client that has a new session with these fields. */
async function begun<S extends SessionBase>(
  { context }: Seam,
  sessions: Pick<Sessions<S>, "open">,
  fields: PatchOf<S>,
  { permanent = false, headers = {}, address = "127.0.0.1" }: TestSessionOptions,
): Promise<RequestHeaderValues> {
  let carried: RequestHeaderValues = {};
  // What travels in a cookie is bound to its name: one for plain HTTP on this machine, and one for
  // all else.
  for (const secure of context.store.carrier === undefined ? [false] : [false, true]) {
    const session = await sessions.open({ host: "localhost", ...headers }, { secure, address });
    (session as unknown as SessionBase<never, PatchOf<S>>).$assign(fields);
    session.$permanent = permanent;
    await session.$commit();
    carried = sentBack(context, session.$headers, carried);
  }
  return carried;
}
