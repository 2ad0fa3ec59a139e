import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joined, split } from "../../src/cookie/chunks.js";
import { Sealing } from "../../src/crypto/sealing.js";
import { type CookieStoreOptions, cookieStore } from "../../src/transports/carrier.js";
import { cookieHeader, type Session, setup as sessionsOn, start, visit } from "../session/support/fixture.js";

const secret = "a secret of at least thirty-two characters";
const older = "an older secret, long enough to be one, too";

function setup(options: Partial<CookieStoreOptions> = {}) {
  return sessionsOn({ store: cookieStore({ secrets: [secret], ...options }) });
}

/** What a browser has after these responses: by name, without those that were taken back. */
function jar(cookie: string | undefined, setCookies: readonly string[]): string {
  const cookies = new Map(
    (cookie ?? "")
      .split("; ")
      .filter(Boolean)
      .map((pair) => pair.split("=") as [string, string]),
  );
  for (const header of setCookies) {
    const [name = "", value = ""] = (header.split(";")[0] ?? "").split("=");
    if (/Max-Age=0/.test(header)) cookies.delete(name);
    else cookies.set(name, value);
  }
  return [...cookies].map((pair) => pair.join("=")).join("; ");
}

const noise = (length: number) =>
  Array.from({ length }, (_, index) => `${(index * 7919) % 9973}`)
    .join("")
    .slice(0, length);

describe.each(["sealed", "signed"] as const)("a session in a %s cookie", (mode) => {
  it("comes back with the next request, id and all", async () => {
    const { sessions } = setup({ mode });
    const cookie = await visit(sessions, undefined, (session) => {
      session.user = "ada";
      session.cart.push({ sku: "tea", quantity: 1 });
    });
    const session = await sessions.open(cookie);
    expect([session.user, session.cart]).toEqual(["ada", [{ sku: "tea", quantity: 1 }]]);
    expect(session.$id).toMatch(/^[\w-]{43}$/);
    expect((await sessions.open(cookie)).$id).toBe(session.$id);
    expect(await session.$commit()).toEqual([]);
  });

  it("is written anew by every change, with a nested one, too", async () => {
    const { sessions } = setup({ mode });
    const first = await visit(
      sessions,
      undefined,
      (session) => void session.cart.push({ sku: "tea", quantity: 1 }),
    );
    const second = await visit(sessions, first, (session) => {
      for (const item of session.cart) item.quantity += 1;
    });
    expect(second).not.toBe(first);
    expect((await sessions.open(second)).cart).toEqual([{ sku: "tea", quantity: 2 }]);
  });

  it("ends when it was idle for too long, and lives on when it was used", async () => {
    const { sessions, time } = setup({ mode });
    const cookie = await visit(sessions, undefined, (session) => {
      session.user = "ada";
    });
    time.now += 20 * 60_000;
    const used = await visit(sessions, cookie, (session) => void session.user);
    expect(used).not.toBe(cookie);
    time.now += 20 * 60_000;
    expect((await sessions.open(cookie)).user).toBeUndefined();
    expect((await sessions.open(used)).user).toBe("ada");
  });

  it("is forgotten by the browser after destroy, even if switched off then", async () => {
    const { sessions } = setup({ mode });
    const cookie = await visit(sessions, undefined, (session) => {
      session.log = [noise(4500)];
    });
    expect(cookie.split("; ")).toHaveLength(2);
    const session = await sessions.open(cookie);
    await session.$destroy();
    // Nothing else ends it: the cookie is all there is.
    session.$disable();
    expect(jar(cookie, await session.$commit())).toBe("");
  });

  it("grows over several cookies and takes back those it no longer needs", async () => {
    const { sessions } = setup({ mode, maxChunks: 3 });
    let cookie = await visit(sessions, undefined, (session) => {
      session.log = [noise(7000)];
    });
    expect(cookie.split("; ")).toHaveLength(3);
    for (const pair of cookie.split("; ")) expect(pair.length).toBeLessThan(3900);
    const session = await sessions.open(cookie);
    expect(session.log).toEqual([noise(7000)]);
    session.log = ["short"];
    cookie = jar(cookie, await session.$commit());
    expect(cookie.split("; ")).toHaveLength(1);
    expect((await sessions.open(cookie)).log).toEqual(["short"]);
  });

  it("is refused when it is too large: store/too-large, and what was there stays", async () => {
    const { sessions } = setup({ mode });
    const cookie = await visit(sessions, undefined, (session) => {
      session.user = "ada";
    });
    const session = await sessions.open(cookie);
    session.log = [noise(20_000)];
    await expect(session.$commit()).rejects.toMatchObject({ code: "store/too-large", status: 500 });
    expect((await sessions.open(cookie)).user).toBe("ada");
  });

  it("is opened with an older secret, and protected with the new one from then on", async () => {
    const before = setup({ mode, secrets: [older] });
    const cookie = await visit(before.sessions, undefined, (session) => {
      session.user = "ada";
    });
    const { sessions } = setup({ mode, secrets: [secret, older] });
    const session = await sessions.open(cookie);
    expect(session.user).toBe("ada");
    const renewed = cookieHeader(await session.$commit());
    expect((await setup({ mode }).sessions.open(renewed)).user).toBe("ada");
    expect((await setup({ mode }).sessions.open(cookie)).$isNew).toBe(true);
  });

  it("is opened after a change of mode, and written in the new one", async () => {
    const other = mode === "sealed" ? "signed" : "sealed";
    const cookie = await visit(setup({ mode: other }).sessions, undefined, (session) => {
      session.user = "ada";
    });
    const session = await setup({ mode }).sessions.open(cookie);
    expect(session.user).toBe("ada");
    expect((await session.$commit()).length).toBe(1);
  });

  it("is anonymous when a part of it is missing, foreign or forged", async () => {
    const { sessions } = setup({ mode });
    const refused: unknown[] = [];
    sessions.on("cookie-refused", ({ reason }) => refused.push(reason));
    const cookie = await visit(sessions, undefined, (session) => {
      session.log = [noise(4500)];
    });
    const [first = "", second = ""] = cookie.split("; ");
    const given = [
      first,
      "__Host-session=1.AAAA",
      "__Host-session=AAAA",
      `${first.replace("=2.", "=9.")}; ${second}`,
      `${first}; ${second.slice(0, -4)}`,
    ];
    for (const header of given) expect((await sessions.open(header)).$isNew, header.slice(0, 40)).toBe(true);
    expect(refused).toEqual(["malformed", "signature", "malformed", "malformed", "signature"]);
  });

  it("goes on where parts are there twice of which some are forged, and the others are cleared", async () => {
    const { sessions } = setup({ mode });
    const cookie = await visit(sessions, undefined, (session) => {
      session.user = "ada";
      session.log = [noise(4500)];
    });
    const [first = "", second = ""] = cookie.split("; ");
    const forged = (part: string) => part.replace(/.$/, (last) => (last === "A" ? "B" : "A"));
    for (const header of [
      `${cookie}; ${forged(first)}`,
      `${forged(first)}; ${forged(second)}; ${cookie}`,
      `__Host-session=x; ${cookie}; __Host-session.1=y`,
    ]) {
      const session = await sessions.open(header);
      expect(session.user).toBe("ada");
      const cookies = await session.$commit();
      expect(cookies.filter((each) => each.includes("Max-Age=0; "))).not.toEqual([]);
      expect((await sessions.open(cookieHeader(cookies.slice(-2)))).user).toBe("ada");
    }
  });

  it("of two copies of one session the later one goes on, of two sessions none", async () => {
    const { sessions, time } = setup({ mode });
    const visited = (visits: number) => (session: Session) => {
      session.visits = visits;
    };
    const one = await visit(sessions, undefined, visited(1));
    time.now += 60_000;
    const two = await visit(sessions, one, visited(2));
    const another = await visit(sessions, undefined, visited(3));
    expect((await sessions.open(`${one}; ${two}`)).visits).toBe(2);
    expect((await sessions.open(`${two}; ${one}`)).visits).toBe(2);
    const neither = await sessions.open(`${two}; ${another}`);
    expect(neither.$isNew).toBe(true);
    expect(neither.$headers).toHaveLength(2);
  });

  it("does not fit a cookie of another name", async () => {
    const cookie = await visit(setup({ mode }).sessions, undefined, (session) => {
      session.user = "ada";
    });
    const admin = sessionsOn({
      store: cookieStore({ secrets: [secret], mode }),
      cookie: { name: "__Host-admin" },
    });
    expect((await admin.sessions.open(cookie.replace("__Host-session", "__Host-admin"))).$isNew).toBe(true);
  });

  it("survives no change of a single bit", () => {
    const sealing = new Sealing(mode, [secret]);
    const carried = { id: `${"Bw".repeat(21)}A`, expiresAt: start, payload: Uint8Array.of(1, 2, 3) };
    const bytes = Buffer.from(sealing.seal("s", carried), "base64url");
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(sealing.open("s", changed.toString("base64url")), `bit ${bit}`).toBeUndefined();
    }
  });

  it("opens to what was sealed, and never throws", () => {
    const sealing = new Sealing(mode, [secret]);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string(), (payload, text) => {
        const carried = { id: `${"Bw".repeat(21)}A`, expiresAt: start, payload };
        const opened = sealing.open("s", sealing.seal("s", carried));
        expect(opened?.stale).toBe(false);
        expect(Buffer.from(opened?.carried.payload ?? [])).toEqual(Buffer.from(payload));
        expect(sealing.open("s", text)).toBeUndefined();
      }),
    );
  });
});

describe("a cookie store", () => {
  it("shows nothing of a sealed session to whoever has the cookie", async () => {
    const cookie = await visit(setup().sessions, undefined, (session) => {
      session.user = "ada lovelace";
    });
    const value = cookie.split("=1.")[1] ?? "";
    expect(Buffer.from(value.slice(6), "base64url").includes("ada")).toBe(false);
    const signed = await visit(setup({ mode: "signed" }).sessions, undefined, (session) => {
      session.user = "ada lovelace";
    });
    expect(Buffer.from((signed.split("=1.")[1] ?? "").slice(6), "base64url").includes("ada lovelace")).toBe(
      true,
    );
  });

  it("takes no short secret: cookie/weak-secret", () => {
    expect(() => cookieStore({ secrets: ["short"] })).toThrowError(
      expect.objectContaining({ code: "cookie/weak-secret" }),
    );
    expect(() => cookieStore({ secrets: [] })).toThrowError(
      expect.objectContaining({ code: "cookie/weak-secret" }),
    );
  });

  it("splits a text of any length so that it comes together again", () => {
    for (
      let length = 0;
      length <= 5 * 3800 - 2;
      length += length % 3800 > 3790 || length % 3800 < 5 ? 1 : 37
    ) {
      const chunks = new Map(split("s", "x".repeat(length), 5));
      for (const value of chunks.values()) expect(value).not.toBe("");
      const valuesOf = (name: string): string[] => [chunks.get(name) ?? "missing"];
      expect(joined("s", chunks.get("s") ?? "", 5, valuesOf).map((text) => text.length)).toEqual([length]);
    }
  });
});
