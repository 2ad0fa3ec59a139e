/** How long a session lives, in milliseconds. */
export interface Lifetime {
  /** The session ends this long after its last use. */
  readonly idle: number;
  /** The session ends this long after it began, whatever happens. */
  readonly absolute: number;
}

/** Lifetimes of both kinds of sessions. */
export interface Lifetimes extends Lifetime {
  /** For sessions whose user asked to be remembered (`session.$permanent = true`). */
  readonly permanent: Lifetime;
}

/**
 * Tells when a session used now ends: after the idle time, but never after its absolute lifetime.
 */
export function expiryOf(lifetime: Lifetime, createdAt: number, now: number): number {
  return Math.min(now + lifetime.idle, createdAt + lifetime.absolute);
}

/** Tells which of its lifetimes has ended a session; `undefined`: neither. */
export function endedBy(
  lifetime: Lifetime,
  { createdAt, expiresAt }: { readonly createdAt: number; readonly expiresAt: number },
  now: number,
): "idle" | "absolute" | undefined {
  if (now >= createdAt + lifetime.absolute) return "absolute";
  return now >= expiresAt ? "idle" : undefined;
}

/**
 * Tells whether the expiry should be moved: when half the idle time has been used up. A session in
 * steady use is thus written twice per idle time and not with every request.
 */
export function touchIsDue(lifetime: Lifetime, createdAt: number, expiresAt: number, now: number): boolean {
  const wanted = expiryOf(lifetime, createdAt, now);
  return wanted - expiresAt >= lifetime.idle / 2;
}

/**
 * The end of a permanent session moves in steps, in milliseconds: each takes its cookie along, and
 * a cookie can meet another one.
 */
const STEP = 60_000;

/**
 * Tells when a permanent session ends that is written: as before, unless it would end later by so
 * much that it is worth another cookie.
 */
export function laterEnd(before: number, after: number, { idle }: Lifetime): number {
  const step = after - before;
  return step >= 0 && step < Math.min(STEP, idle / 2) ? before : after;
}
