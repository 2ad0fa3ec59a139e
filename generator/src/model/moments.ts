/** What a moment gives whoever asks for the time, or for chance. */
interface Moment {
  /** Milliseconds later than now. */
  readonly later: number;
  /** What `Math.random()` gives. */
  readonly random: number;
}

const HOUR = 3_600_000;

/** Other hours, weekdays, months and years, and other draws. */
const moments: readonly Moment[] = [
  { later: 1, random: 0 },
  { later: 7 * HOUR, random: 0.999_999 },
  { later: 13 * HOUR, random: 0.25 },
  { later: 19 * HOUR, random: 0.75 },
  { later: 24 * HOUR, random: 0.499 },
  { later: 72 * HOUR, random: 0.501 },
  { later: 120 * HOUR, random: 0.01 },
  { later: 700 * HOUR, random: 0.1 },
  { later: 2_200 * HOUR, random: 0.9 },
  { later: 5_000 * HOUR, random: 0.33 },
  { later: 9_000 * HOUR, random: 0.66 },
  { later: 100_000 * HOUR, random: 0.5 },
];

/**
 * Calls the function now, and as if at other moments: two calls within a millisecond say nothing of
 * what depends on the time. Whatever it draws by lot from elsewhere differs by itself.
 */
export function atMoments<T>(make: () => T): readonly T[] {
  return [make(), ...moments.map((moment) => during(moment, make))];
}

/** Within the call, and only there, it is another time. */
function during<T>({ later, random }: Moment, make: () => T): T {
  const Now = globalThis.Date;
  const chance = Math.random;
  const { now } = performance;
  const time = Now.now() + later;
  globalThis.Date = new Proxy(Now, {
    construct: (target, args, caller) =>
      Reflect.construct(target, args.length === 0 ? [time] : args, caller) as object,
    apply: () => new Now(time).toString(),
    get: (target, name, receiver): unknown =>
      name === "now" ? () => time : Reflect.get(target, name, receiver),
  });
  Math.random = () => random;
  performance.now = () => now.call(performance) + later;
  try {
    return make();
  } finally {
    globalThis.Date = Now;
    Math.random = chance;
    performance.now = now;
  }
}

/**
 * Tells whether the value is the time at which the config was read, give or take, or contains it:
 * it was computed once, and will be another one when the config is read again.
 */
export function isAboutNow(value: unknown): boolean {
  if (value instanceof Map || value instanceof Set) return [...value].flat().some(isAboutNow);
  if (typeof value === "object" && value !== null && !(value instanceof Date) && !ArrayBuffer.isView(value))
    return Object.values(value).some(isAboutNow);
  const time =
    value instanceof Date
      ? value.getTime()
      : typeof value === "number"
        ? value
        : typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value)
          ? Date.parse(value)
          : Number.NaN;
  return time >= performance.timeOrigin - 1000 && time <= Date.now() + 1000;
}
