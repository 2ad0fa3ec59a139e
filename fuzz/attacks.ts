import {
  createSessions,
  decodeRecord,
  encodeRecord,
  lookup,
  type Serializer,
  type SessionBase,
  type Sessions,
  storeKey,
  UnreadableValue,
} from "@sessgen/runtime";
import { msgpack } from "@sessgen/runtime/msgpack";
import { cookieStore } from "@sessgen/runtime/stores/cookie";
import { hostileHeader } from "./headers.js";
import { mutated } from "./mutations.js";
import { committed, holds, isNobodyElses, nothingHappened } from "./oracle.js";
import { hostilePayload } from "./payloads.js";
import type { Random } from "./random.js";
import { application, cookiePairs, now, type Target, VICTIM, type World, world } from "./target.js";

/** One kind of attack: runs one case of it, throws when it succeeded. */
export interface Attack {
  readonly name: string;
  run(random: Random): Promise<void>;
}

const formats: readonly Serializer[] = ["packed", msgpack, "json"];
const secrets = ["the secret that signs now, long enough", "the secret before that, long enough, too"];
const expiresAt = now + 60_000;

/** Every kind of attack on sessions of that schema. */
export async function attacksOn<S extends SessionBase>(target: Target<S>): Promise<readonly Attack[]> {
  const valid = await validPayloads(target);
  const attacks = [
    transcode(target, valid),
    rows(target, valid),
    ...["unsigned", "signed"].map((kind) => cookies(target, kind === "signed")),
    ...(["sealed", "signed"] as const).map((mode) => carried(target, mode)),
    ...formats.flatMap((serializer) => [
      payloads(target, serializer, valid),
      merges(target, serializer, valid),
    ]),
  ];
  return Promise.all(attacks);
}

async function validPayloads<S extends SessionBase>(target: Target<S>): Promise<readonly Uint8Array[]> {
  const payloads: Uint8Array[] = [];
  for (const serializer of formats) {
    const { counted, attacker } = await world(target, serializer);
    const stored = await counted.store.read(attacker.key);
    if (stored !== undefined) payloads.push(stored.payload);
  }
  return payloads;
}

/** Hostile Cookie headers, with ids. */
async function cookies<S extends SessionBase>(target: Target<S>, signed: boolean): Promise<Attack> {
  const options = signed ? { secrets } : {};
  const made = await world(target, "packed", options);
  const { sessions, attacker, victim } = made;
  const name = "__Host-session";
  const [, value = ""] = attacker.cookie.split("=");
  const [, signature = ""] = value.split(".");
  const foreign = await world(target, "packed", { name: "__Host-other", secrets });
  const loot = [
    value,
    attacker.id,
    signature,
    victim.key,
    "A".repeat(43),
    foreign.attacker.cookie.split("=")[1] ?? "",
    "",
  ];
  // Where cookies are signed, an id alone is worth nothing.
  const parts = { name, own: attacker.cookie, loot: signed ? [...loot, victim.id] : loot };
  return {
    name: `cookies, ${signed ? "signed" : "unsigned"}`,
    async run(random) {
      const header = hostileHeader(random, parts);
      const session = await sessions.open(header);
      isNobodyElses(session, made, random.oneIn(50));
      holds(
        session.$isNew || header.includes(attacker.cookie) || header.includes(value),
        "somebody's session was opened without the cookie",
      );
      target.change(session, random);
      const isNew = session.$isNew;
      await committed(session);
      holds(
        !isNew || session.$id === undefined || !header.includes(session.$id),
        "an id of the client's was adopted",
      );
      await restore(made);
      await nothingHappened(made);
    },
  };
}

const originals = new WeakMap<object, Uint8Array>();

/** The attacker's own session as it was in the beginning. */
async function restore<S extends SessionBase>(made: World<S>): Promise<void> {
  const { counted, attacker } = made;
  const original =
    originals.get(made) ?? (await counted.store.read(attacker.key))?.payload ?? new Uint8Array();
  originals.set(made, original);
  await counted.store.write(attacker.key, original, { expect: "any", expiresAt });
}

/** Hostile Cookie headers, with whole sessions. */
async function carried<S extends SessionBase>(target: Target<S>, mode: "sealed" | "signed"): Promise<Attack> {
  const open = (name: string, secret: readonly string[]): Sessions<S> =>
    createSessions<S>({
      lookup,
      application,
      Session: target.Session,
      fields: target.fields,
      history: target.history,
      store: cookieStore({ secrets: secret, mode, maxChunks: 3 }),
      cookie: { name },
      clock: () => now,
    });
  const name = "__Host-session";
  const sessions = open(name, secrets);
  const loggedIn = async (from: Sessions<S>, who: string): Promise<string> => {
    const session = await from.open(undefined);
    target.login(session, who);
    return cookiePairs(await session.$commit());
  };
  const own = [await loggedIn(sessions, "mallory"), await loggedIn(sessions, "eve")];
  const foreign = [
    await loggedIn(open("__Host-other", secrets), VICTIM),
    await loggedIn(open(name, ["a secret of another application's, long"]), VICTIM),
  ];
  const loot = [...own, ...foreign].flatMap((header) => {
    const value = header.slice(header.indexOf("=") + 1);
    return [
      value,
      value.replace("1.", "2."),
      value.slice(0, value.length / 2),
      value.slice(value.length / 2),
    ];
  });
  const parts = { name, own: own[0] ?? "", loot };
  const shown = async (header: string | undefined): Promise<string> => show(await sessions.open(header));
  const known = new Set(await Promise.all([undefined, ...own].map(shown)));
  return {
    name: `cookies that carry the session, ${mode}`,
    async run(random) {
      const session = await sessions.open(hostileHeader(random, parts));
      holds(known.has(show(session)), "a session was made up");
      target.change(session, random);
      await committed(session);
    },
  };
}

function show(session: SessionBase): string {
  return JSON.stringify(session, (_key, value) => (typeof value === "bigint" ? `${value}` : value));
}

/** Hostile payloads in the store. */
async function payloads<S extends SessionBase>(
  target: Target<S>,
  serializer: Serializer,
  valid: readonly Uint8Array[],
): Promise<Attack> {
  const made = await world(target, serializer);
  const { sessions, counted, attacker } = made;
  return {
    name: `payloads, written again as ${nameOf(serializer)}`,
    async run(random) {
      const payload = hostilePayload(random, valid);
      await counted.store.write(attacker.key, payload, { expect: "any", expiresAt, index: { user: VICTIM } });
      const session = await sessions.open(attacker.cookie);
      target.read(session);
      isNobodyElses(session, made, random.oneIn(50));
      target.change(session, random);
      const first = await committed(session);
      if (first !== undefined) {
        const before = await payloadOf(made, session);
        holds(before.length <= 8 * payload.length + 4_096, `${payload.length} bytes became ${before.length}`);
        const again = await sessions.open(first.length > 0 ? cookiePairs(first) : attacker.cookie);
        holds(!again.$isNew || session.$isNew, "what was saved cannot be read");
        target.change(again, random);
        const after = (await committed(again)) === undefined ? before : await payloadOf(made, again);
        // Formats differ in size; one and the same must not grow by being written again.
        const comparable = formatOf(before) === formatOf(after);
        holds(
          !comparable || after.length <= before.length + 512,
          `saved again, ${before.length} bytes became ${after.length}`,
        );
      }
      await nothingHappened(made);
    },
  };
}

async function payloadOf<S extends SessionBase>(
  { counted, attacker }: World<S>,
  session: S,
): Promise<Uint8Array> {
  const key = session.$id === undefined ? attacker.key : storeKey(session.$id, { application });
  return (await counted.store.read(key))?.payload ?? new Uint8Array();
}

function nameOf(serializer: Serializer): string {
  return typeof serializer === "string" ? serializer : "msgpack";
}

/** Text, a list or a map. */
function formatOf(payload: Uint8Array): string {
  const [first = 0] = payload;
  return first === 0x7b ? "json" : (first & 0xf0) === 0x90 || first === 0xdc ? "packed" : "msgpack";
}

/**
 * Hostile payloads that appear while a request is under way, and are merged with what it changes.
 */
async function merges<S extends SessionBase>(
  target: Target<S>,
  serializer: Serializer,
  valid: readonly Uint8Array[],
): Promise<Attack> {
  const made = await world(target, serializer);
  const { sessions, counted, attacker } = made;
  return {
    name: `merges, as ${nameOf(serializer)}`,
    async run(random) {
      await restore(made);
      const session = await sessions.open(attacker.cookie);
      holds(!session.$isNew, "a session of its own cannot be opened");
      target.change(session, random);
      await counted.store.write(attacker.key, hostilePayload(random, valid), { expect: "any", expiresAt });
      await committed(session);
      isNobodyElses(session, made, random.oneIn(50));
      await nothingHappened(made);
    },
  };
}

/**
 * Rows of the store changed, made up, or copied from the victim's, where whole sessions are
 * encrypted.
 */
async function rows<S extends SessionBase>(target: Target<S>, valid: readonly Uint8Array[]): Promise<Attack> {
  const made = await world(target, "packed", {}, { secrets, payload: true });
  const { sessions, counted, attacker, victimPayload } = made;
  const own = (await counted.store.read(attacker.key))?.payload ?? new Uint8Array();
  return {
    name: "rows of encrypted sessions",
    async run(random) {
      const payload = random.pick([
        () => victimPayload,
        () => hostilePayload(random, valid),
        () => mutated(random, victimPayload, own),
        () => mutated(random, own, victimPayload),
      ])();
      await counted.store.write(attacker.key, payload, { expect: "any", expiresAt });
      const session = await sessions.open(attacker.cookie);
      holds(session.$isNew || Buffer.compare(payload, own) === 0, "a row that nobody sealed was opened");
      isNobodyElses(session, made, false);
      target.change(session, random);
      await committed(session);
      await nothingHappened(made);
    },
  };
}

/** Hostile payloads, from one format to the next. */
async function transcode<S extends SessionBase>(
  { fields }: Target<S>,
  valid: readonly Uint8Array[],
): Promise<Attack> {
  return {
    name: "decoding and encoding",
    async run(random) {
      let payload = hostilePayload(random, valid);
      try {
        decodeRecord(payload, fields, { now });
      } catch (error) {
        holds(error instanceof UnreadableValue, `decodeRecord throws ${String(error)}`);
        return;
      }
      // What could be read once can be read for good, whatever it is written in.
      for (let step = 0; step < 6; step += 1) {
        payload = encodeRecord(decodeRecord(payload, fields, { now }), fields, random.pick(formats));
      }
    },
  };
}
