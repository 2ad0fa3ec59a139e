import { afterEach, describe, expect, it, vi } from "vitest";
import { resolveCookie } from "../../src/cookie/options.js";
import { identityOf } from "../../src/crypto/identity.js";
import { cookieTransport } from "../../src/transports/cookie.js";
import { transportRequest } from "../../src/transports/request.js";

afterEach(() => vi.unstubAllEnvs());

const identity = identityOf({ application: "test" });
const expiry = { now: 0, expiresAt: 60_000, permanent: false };

function request(host: string, cookie?: string, address = "127.0.0.1") {
  return transportRequest({ host, cookie, "user-agent": "test" }, { secure: false, address });
}

/** The cookie that a request to that host gets. */
function cookieOn(host: string, options: Parameters<typeof resolveCookie>[0]): string {
  const transport = cookieTransport(resolveCookie(options, identity));
  return transport
    .handOut("token", expiry, request(host))
    .map(([, value]) => value)
    .join();
}

const strict = "__Host-session=token; Path=/; HttpOnly; Secure; SameSite=Lax";
const relaxed = "dev-session=token; Path=/; HttpOnly; SameSite=Lax";

describe('secure: "except-local"', () => {
  it.each<[environment: string | undefined, { loopback: string; lan: string; internet: string }]>([
    ["development", { loopback: relaxed, lan: relaxed, internet: strict }],
    ["test", { loopback: relaxed, lan: strict, internet: strict }],
    ["production", { loopback: strict, lan: strict, internet: strict }],
    ["staging", { loopback: strict, lan: strict, internet: strict }],
    ["Development", { loopback: strict, lan: strict, internet: strict }],
    ["", { loopback: strict, lan: strict, internet: strict }],
    [undefined, { loopback: strict, lan: strict, internet: strict }],
  ])("in the environment %s", (environment, want) => {
    vi.stubEnv("NODE_ENV", environment);
    const options = { secure: "except-local" } as const;
    expect({
      loopback: cookieOn("localhost:3000", options),
      lan: cookieOn("192.168.1.7:3000", options),
      internet: cookieOn("shop.example", options),
    }).toEqual(want);
  });

  it.each<[string, { given: Parameters<typeof resolveCookie>[0]; want: string }]>([
    ["true stays true", { given: { secure: true }, want: strict }],
    ["the default of the runtime is true", { given: {}, want: strict }],
    [
      "without what Secure cookies alone may have",
      {
        given: {
          secure: "except-local",
          name: "__Secure-s",
          sameSite: "none",
          partitioned: true,
          domain: "a.example",
        },
        want: "dev-s=token; Path=/; HttpOnly; SameSite=Lax",
      },
    ],
    [
      "under another name also where there is no prefix",
      {
        given: { secure: "except-local", name: "sid" },
        want: "dev-sid=token; Path=/; HttpOnly; SameSite=Lax",
      },
    ],
  ])("in development, %s", (_name, { given, want }) => {
    vi.stubEnv("NODE_ENV", "development");
    expect(cookieOn("localhost", given)).toBe(want);
  });

  it("reads the one cookie that it sets, and never the other one", () => {
    vi.stubEnv("NODE_ENV", "development");
    const both = "dev-session=near; __Host-session=far";
    const development = cookieTransport(resolveCookie({ secure: "except-local" }, identity));
    expect(development.read(request("localhost", both))).toEqual({ kind: "token", token: "near" });
    expect(development.read(request("shop.example", both))).toEqual({ kind: "token", token: "far" });
    vi.stubEnv("NODE_ENV", "production");
    const production = cookieTransport(resolveCookie({ secure: "except-local" }, identity));
    expect(production.read(request("localhost", both))).toEqual({ kind: "token", token: "far" });
    expect(production.read(request("localhost", "dev-session=planted"))).toEqual({ kind: "none" });
  });

  it("forgets the one that it set", () => {
    vi.stubEnv("NODE_ENV", "development");
    const transport = cookieTransport(resolveCookie({ secure: "except-local" }, identity));
    expect(transport.forget(request("localhost"))[0]?.[1]).toMatch(/^dev-session=; Max-Age=0;/);
  });
});

describe("a cookie that clients drop", () => {
  /** The warnings of a conversation in which nobody sends a cookie back. */
  function warned(
    environment: string | undefined,
    options: Parameters<typeof resolveCookie>[0],
    agents: string[],
    from: Readonly<Record<string, string>>,
  ) {
    vi.stubEnv("NODE_ENV", environment);
    const emit = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const transport = cookieTransport(resolveCookie(options, identity));
    for (const agent of agents) {
      const { address = "10.0.0.1", ...headers } = from;
      const given = transportRequest(
        { host: "shop.example", "user-agent": agent, ...headers },
        { secure: false, address },
      );
      transport.read(given);
      transport.handOut("token", expiry, given);
    }
    const said = emit.mock.calls.map(([message, options]) => `${message}. ${Object(options).detail}`);
    emit.mockRestore();
    return said;
  }

  interface Given {
    readonly environment: string | undefined;
    readonly secure: boolean;
    readonly agents: string[];
    readonly from?: Readonly<Record<string, string>>;
    readonly want: number;
  }
  const here = { host: "localhost:3000", address: "127.0.0.1" };

  it.each<[string, Given]>([
    ["warned of once", { environment: "development", secure: true, agents: ["a", "a", "a", "a"], want: 1 }],
    ["nobody's concern in tests", { environment: "test", secure: true, agents: ["a", "a"], want: 0 }],
    [
      "not taken for another client's",
      { environment: "development", secure: true, agents: ["a", "b"], want: 0 },
    ],
    [
      "nobody's concern in production",
      { environment: "production", secure: true, agents: ["a", "a"], want: 0 },
    ],
    [
      "warned of once where nothing is said, for a client on the machine itself",
      { environment: undefined, secure: true, agents: ["a", "a", "a"], from: here, want: 1 },
    ],
    [
      "nobody's concern where nothing is said, for others",
      { environment: undefined, secure: true, agents: ["a", "a"], want: 0 },
    ],
    [
      "nobody's concern where nothing is said, behind a proxy on the machine",
      {
        environment: undefined,
        secure: true,
        agents: ["a", "a"],
        from: { ...here, "x-forwarded-for": "203.0.113.9" },
        want: 0,
      },
    ],
    ["none that is not Secure", { environment: "development", secure: false, agents: ["a", "a"], want: 0 }],
  ])("is %s", (_name, { environment, secure, agents, from = {}, want }) => {
    const said = warned(environment, { secure }, agents, from);
    expect(said).toHaveLength(want);
    for (const message of said)
      expect(message).toMatch(environment === undefined ? /NODE_ENV is not set/ : /__Host-session/);
  });
});
