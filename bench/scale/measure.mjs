import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { login } from "../requests/visit.mjs";
import { median } from "../statistics.mjs";

/** The user with many sessions. */
export const ME = "me";

const HOUR = 3_600_000;
/** How often something is measured whose median counts. */
const ROUNDS = 5;
/** How often it is done before, until V8 has compiled what it takes. */
const WARM_UP = 3;
const VISITORS = 200;
/** Requests of the traffic begin so far apart, in milliseconds. */
const EVERY = 10;
/** How long a turn takes, in milliseconds: of requests alone, and of those beside work. */
const TURN = 1500;
/** The most requests under way: more would only queue up in front of a slow store. */
const AT_ONCE = 50;

/** Logs clients in; gives their cookies. */
export async function visitors(sessions, count = VISITORS) {
  const cookies = [];
  for (let index = 0; index < count; index += 1) cookies.push(await visitor(sessions, `visitor-${index}`));
  return cookies;
}

async function visitor(sessions, id) {
  const session = await sessions.open(undefined);
  session.$assign({ ...structuredClone(login), user: { ...login.user, id } });
  const [cookie] = await session.$commit();
  return cookie.slice(0, cookie.indexOf(";"));
}

/** Gives a session of the user's as it is stored, to be put there under many keys. */
export async function payloadOf(sessions, store, tag) {
  await visitor(sessions, ME);
  for await (const [found] of store.findByIndex("user_id", ME, { application: tag })) {
    if (found === undefined) continue;
    const payload = Uint8Array.from(found.stored.payload);
    await sessions.destroyBy("user.id", ME);
    return payload;
  }
  throw new Error("The session is not found");
}

/** So many sessions; of one user, of many, or expired within the last hour. */
export function* rows(count, { tag, payload, user, expired = false }) {
  const now = Date.now();
  for (let index = 0; index < count; index += 1) {
    yield {
      key: `${tag}.${randomBytes(32).toString("base64url")}`,
      payload,
      expiresAt: expired ? now - 1 - Math.floor(Math.random() * HOUR) : now + 12 * HOUR,
      user: user ?? `user-${index % 1000}`,
    };
  }
}

/** Milliseconds that opening a session takes, the median of many. */
export async function openTime(sessions, cookies, count = 500) {
  const times = [];
  for (let index = 0; index < count; index += 1) {
    const begun = performance.now();
    const session = await sessions.open(cookies[(index * 7919) % cookies.length]);
    times.push(performance.now() - begun);
    if (session.user === undefined) throw new Error("A session was lost");
  }
  return median(times);
}

/** Counts the user's sessions beside listing their keys, in turn. */
export async function counting(sessions, keys, expected) {
  const [counts, scans, ratios] = [[], [], []];
  const used = { counts: [], scans: [] };
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    const scan = keys === undefined ? undefined : await timed(() => keys(ME));
    const count = await timed(() => sessions.count("user.id", ME));
    for (const found of [scan, count])
      if (found !== undefined && found.result !== expected)
        throw new Error(`${found.result} of ${expected} were found`);
    if (round < 0) continue;
    counts.push(count.time);
    used.counts.push(count.used / expected);
    if (scan === undefined) continue;
    scans.push(scan.time);
    used.scans.push(scan.used / expected);
    ratios.push(count.time / scan.time);
  }
  const processor = { count: median(used.counts), scan: median(used.scans) };
  return { count: median(counts), scan: median(scans), ratio: median(ratios), processor };
}

/**
 * Ends all sessions of a user, in turns with requests alone: so both meet the same load of the
 * machine.
 * @param put - puts the sessions there of one turn, and gives how many
 */
export function destroyingBeside(traffic, rounds, put) {
  return inTurns(traffic, async ({ quietly, beside }) => {
    let [result, time] = [0, 0];
    for (let round = 0; round < rounds; round += 1) {
      const expected = await put();
      await quietly();
      const done = await beside(() => traffic.sessions.destroyBy("user.id", ME));
      if (done.result !== expected) throw new Error(`${done.result} of ${expected} sessions were removed`);
      result += done.result;
      time += done.time;
    }
    return { result, time };
  });
}

/** Counts the user's sessions again and again, in turns with requests alone. */
export function countingBeside(traffic, rounds) {
  return inTurns(traffic, async ({ quietly, beside }) => {
    for (let round = 0; round < rounds; round += 1) {
      await quietly();
      await beside(async () => {
        const end = performance.now() + TURN;
        do await traffic.sessions.count("user.id", ME);
        while (performance.now() < end);
      });
    }
  });
}

/**
 * Measures requests that come at a steady rate: those alone, and those beside some work, from when
 * each was due, so that what stops the process counts, too.
 */
async function inTurns({ sessions, cookies }, work) {
  const traffic = new Traffic(sessions, cookies);
  const [before, meanwhile] = [[], []];
  try {
    await sleep(500);
    const done = await work({
      async quietly() {
        traffic.take();
        await sleep(TURN);
        before.push(...traffic.take());
      },
      async beside(some) {
        traffic.take();
        const measured = await timed(some);
        meanwhile.push(...traffic.take());
        return measured;
      },
    });
    return { ...done, before: quantile(before, 0.99), meanwhile: quantile(meanwhile, 0.99) };
  } finally {
    await traffic.stop();
  }
}

/** Deletes what has expired, in turns with requests alone. */
export function sweepingBeside(traffic) {
  return inTurns(traffic, async ({ quietly, beside }) => {
    const batches = [];
    const stop = traffic.sessions.on("store-operation", ({ operation, duration }) => {
      if (operation === "sweep") batches.push(duration);
    });
    let [deleted, time, failures] = [0, 0, 0];
    try {
      for (let isDone = false; !isDone; ) {
        await quietly();
        const turn = AbortSignal.timeout(TURN);
        let some = 0;
        const onBatch = (count) => {
          some = count;
        };
        const done = await beside(() =>
          traffic.sessions.sweep({ onBatch, signal: turn }).catch((error) => {
            // On a machine with much else to do a connection may be waited for in vain.
            if (error.code !== "store/timeout" || ++failures === 10) throw error;
            return undefined;
          }),
        );
        deleted += some;
        time += done.time;
        isDone = done.result !== undefined && !turn.aborted;
      }
    } finally {
      stop();
    }
    return { time, result: { deleted, growth: growthOf(batches.slice(0, -1)) } };
  });
}

/**
 * Does some work beside requests that come at a steady rate, and measures those before and
 * after it, and meanwhile: from when each was due, so that what stops the process counts, too.
 * @param quiet - how long they are measured before and after, in milliseconds
 */
export async function beside({ sessions, cookies, quiet }, work) {
  const traffic = new Traffic(sessions, cookies);
  try {
    await sleep(500);
    traffic.take();
    await sleep(quiet);
    const before = traffic.take();
    const { time, result } = await timed(work);
    const meanwhile = traffic.take();
    await sleep(quiet);
    before.push(...traffic.take());
    return { result, time, before: quantile(before, 0.99), meanwhile: quantile(meanwhile, 0.99) };
  } finally {
    await traffic.stop();
  }
}

/** How much longer the last quarter of batches took than the first. */
function growthOf(batches) {
  const quarter = Math.floor(batches.length / 4);
  if (quarter < 2) return Number.NaN;
  return median(batches.slice(-quarter)) / median(batches.slice(0, quarter));
}

class Traffic {
  #times = [];
  #running = new Set();
  #timer;
  #sessions;
  #cookies;
  #count = 0;
  #due = performance.now();

  constructor(sessions, cookies) {
    this.#sessions = sessions;
    this.#cookies = cookies;
    this.#timer = setInterval(() => this.#catchUp(), EVERY);
  }

  take() {
    return this.#times.splice(0);
  }

  async stop() {
    clearInterval(this.#timer);
    await Promise.allSettled(this.#running);
  }

  /** Requests that were due while the process did something else come at once. */
  #catchUp() {
    for (; this.#due <= performance.now() && this.#running.size < AT_ONCE; this.#due += EVERY) {
      const due = this.#due;
      const request = this.#request(due)
        // What failed was as slow as can be.
        .catch(() => this.#times.push(performance.now() - due))
        .finally(() => this.#running.delete(request));
      this.#running.add(request);
    }
  }

  async #request(due) {
    this.#count += 1;
    const isWriting = this.#count % 3 === 0;
    const session = await this.#sessions.open(this.#cookies[(this.#count * 7919) % this.#cookies.length]);
    if (session.user === undefined) throw new Error("A session was lost");
    if (isWriting) session.visits += 1;
    await session.$commit();
    this.#times.push(performance.now() - due);
  }
}

async function timed(work) {
  const begun = performance.now();
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { result, time: performance.now() - begun, used: user + system };
}

function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
