import { describe, expect, it } from "vitest";
import { type BindingOptions, bindTo, type SessionStore, type SessionsOptions } from "../../../src/index.js";
import { networkOf } from "../../../src/session/lifecycle/binding.js";
import { serializerOf } from "../../codec/serializer-of.js";
import { cookieHeader, keyOf, setup, start } from "../support/fixture.js";

interface Client {
  readonly agent?: string;
  readonly address?: string;
}
const home: Client = { agent: "Firefox/1", address: "192.0.2.7" };
const all: BindingOptions = { userAgent: true, network: { ipv4: 24, ipv6: 48 }, onMismatch: "anonymous" };

function bound(
  binding: BindingOptions | undefined,
  more: Partial<SessionsOptions> & { readonly store?: SessionStore } = {},
) {
  const { sessions, store } = setup<SessionStore>({ ...(binding && { binding: bindTo(binding) }), ...more });
  const mismatches: unknown[] = [];
  sessions.on("binding-mismatch", (event) => mismatches.push(event));
  const open = ({ agent, address }: Client, cookie?: string) =>
    sessions.open({ cookie, "user-agent": agent }, { address });
  return { open, mismatches, sessions, store };
}

describe("a session of a client at home", () => {
  it.each<[string, { given: Client; with?: BindingOptions; want: { found: boolean; parts: string[] } }]>([
    ["opens there", { given: home, want: { found: true, parts: [] } }],
    [
      "opens in the same network",
      { given: { ...home, address: "192.0.2.99" }, want: { found: true, parts: [] } },
    ],
    [
      "opens in it when IPv4 is written as IPv6",
      { given: { ...home, address: "::ffff:192.0.2.99" }, want: { found: true, parts: [] } },
    ],
    [
      "does not open in another network",
      { given: { ...home, address: "192.0.3.7" }, want: { found: false, parts: ["network"] } },
    ],
    [
      "does not open with another user agent",
      { given: { ...home, agent: "curl" }, want: { found: false, parts: ["userAgent"] } },
    ],
    [
      "does not open without one",
      { given: { address: "192.0.2.7" }, want: { found: false, parts: ["userAgent"] } },
    ],
    [
      "does not open with neither, and says so",
      {
        given: { agent: "curl", address: "2001:db8::1" },
        want: { found: false, parts: ["userAgent", "network"] },
      },
    ],
    [
      "opens where nobody knows the address",
      { given: { agent: "Firefox/1" }, want: { found: true, parts: [] } },
    ],
    [
      "opens all the same when only the event is asked for",
      {
        given: { ...home, agent: "curl" },
        with: { ...all, onMismatch: "event" },
        want: { found: true, parts: ["userAgent"] },
      },
    ],
    [
      "is not bound to what is not asked for",
      {
        given: { agent: "curl", address: "192.0.2.8" },
        with: { network: all.network as { ipv4: number; ipv6: number }, onMismatch: "anonymous" },
        want: { found: true, parts: [] },
      },
    ],
    [
      "is bound to nothing by default",
      { given: { agent: "curl", address: "2001:db8::1" }, want: { found: true, parts: [] } },
    ],
  ])("%s", async (name, { given, with: binding = all, want }) => {
    const { open, mismatches } = bound(name.endsWith("by default") ? undefined : binding);
    const session = await open(home);
    session.visits = 1;
    const cookie = cookieHeader(await session.$commit());
    expect((await open(given, cookie)).$isNew).toBe(!want.found);
    expect(mismatches).toEqual(want.parts.length === 0 ? [] : [{ parts: want.parts }]);
    // It was not taken from whom it fits.
    expect((await open(home, cookie)).visits).toBe(1);
  });

  it("is bound anew with a new id, also when others write meanwhile", async () => {
    const { open } = bound(all);
    const first = await open(home);
    first.visits = 1;
    const cookie = cookieHeader(await first.$commit());
    const [login, other] = [await open(home, cookie), await open(home, cookie)];
    login.user = "ada";
    other.visits += 1;
    await other.$commit();
    const moved = cookieHeader(await login.$commit());
    expect(await open(home, moved)).toMatchObject({ visits: 2, user: "ada" });
    expect((await open({ ...home, agent: "curl" }, moved)).$isNew).toBe(true);
    const later = await open(home, moved);
    later.visits += 1;
    await later.$commit();
    expect((await open({ ...home, agent: "curl" }, moved)).$isNew).toBe(true);
  });

  it("from before there was a binding goes on, and is bound with its next id", async () => {
    const { open, store } = bound(undefined);
    const first = await open(home);
    first.visits = 1;
    const cookie = cookieHeader(await first.$commit());
    const now = bound(all, { store, clock: () => start });
    const session = await now.open({ agent: "curl" }, cookie);
    expect(session.visits).toBe(1);
    await session.$regenerate();
    const moved = cookieHeader(await session.$commit());
    expect((await now.open(home, moved)).$isNew).toBe(true);
    expect((await now.open({ agent: "curl" }, moved)).$isNew).toBe(false);
  });

  it.each(["packed", "msgpack", "json"] as const)(
    "holds in %s, and neither shows in the store",
    async (format) => {
      const { open, store, sessions } = bound(all, { serializer: serializerOf(format) });
      const session = await open(home);
      session.visits = 1;
      const cookie = cookieHeader(await session.$commit());
      expect((await open({ ...home, agent: "curl" }, cookie)).$isNew).toBe(true);
      const stored = await store.read(keyOf(session.$id ?? ""));
      const text = Buffer.from(stored?.payload ?? []).toString("latin1");
      expect(text).not.toMatch(/Firefox|192\.0\.2/);
      await sessions.close();
    },
  );
});

it.each<[string, { given: [string | undefined, string | undefined]; same: boolean }]>([
  ["of one /24", { given: ["10.1.2.3", "10.1.2.250"], same: true }],
  ["of two /24", { given: ["10.1.2.3", "10.1.3.3"], same: false }],
  ["of one /48", { given: ["2001:db8:1::1", "2001:db8:1:ffff::"], same: true }],
  ["of two /48", { given: ["2001:db8:1::1", "2001:db8:2::1"], same: false }],
  ["written in two ways", { given: ["2001:db8::1", "2001:0DB8:0:0:0:0:0:1"], same: true }],
  ["with a zone", { given: ["fe80::1%eth0", "fe80::1"], same: true }],
  ["that are none", { given: ["", "unknown"], same: true }],
])("addresses %s", (_name, { given: [one, other], same }) => {
  const bits = { ipv4: 24, ipv6: 48 };
  expect(networkOf(one, bits) === networkOf(other, bits)).toBe(same);
  if (one === "") expect(networkOf(one, bits)).toBeUndefined();
});
