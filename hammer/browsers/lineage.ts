import type { Visit } from "./visits.js";

/** Which id came from which, whose they are, and who has ended them. */
export class Lineage {
  readonly #births = new Map<string, Visit>();
  readonly #enders = new Map<string, Visit[]>();
  readonly #revocations: readonly Visit[];
  readonly #chains = new Map<string, readonly string[]>();

  constructor(visits: readonly Visit[]) {
    for (const visit of visits) {
      if (visit.to !== undefined && !this.#births.has(visit.to)) this.#births.set(visit.to, visit);
      const { id, kind } = visit;
      const ends = kind === "login" || kind === "renew" || kind === "logout";
      if (id === undefined || visit.found === undefined || !ends) continue;
      const enders = this.#enders.get(id) ?? [];
      this.#enders.set(id, enders);
      enders.push(visit);
    }
    this.#revocations = visits.filter(({ kind }) => kind === "revoke");
  }

  /** The visit that gave the id out. */
  birthOf(id: string): Visit | undefined {
    return this.#births.get(id);
  }

  /** The id that it was before; `undefined`: the session began with it. */
  parentOf(id: string): string | undefined {
    const birth = this.#births.get(id);
    return birth?.found === undefined ? undefined : birth.id;
  }

  /** Who logged in; `undefined`: nobody. */
  userOf(id: string): string | undefined {
    const birth = this.#births.get(id);
    if (birth?.kind === "login") return birth.who;
    return birth?.found?.who;
  }

  /** What the session is found by under that id. */
  labelOf(id: string): string | undefined {
    const birth = this.#births.get(id);
    const parent = this.parentOf(id);
    return birth?.label ?? (parent === undefined ? undefined : this.labelOf(parent));
  }

  /** The id, and those before it whose content it goes on with: all until another user's. */
  chainOf(id: string): readonly string[] {
    const known = this.#chains.get(id);
    if (known !== undefined) return known;
    const parent = this.parentOf(id);
    const isNewUser = this.#births.get(id)?.kind === "login" && parent && this.userOf(parent) !== undefined;
    const chain = parent === undefined || isNewUser ? [id] : [id, ...this.chainOf(parent)];
    this.#chains.set(id, chain);
    return chain;
  }

  /** Whether somebody other than the visit may have ended it until then. */
  mayHaveEnded(id: string, until: number, visit: Visit): boolean {
    const enders = this.#enders.get(id) ?? [];
    if (enders.some((ender) => ender !== visit && mayHaveDone(ender) && ender.opened <= until)) return true;
    return this.mayBeRevoked(id, until);
  }

  mayBeRevoked(id: string, until: number): boolean {
    const labels = this.#labelsOf(id);
    return this.#revocations.some(
      ({ label = "", outcome, begin }) => outcome !== "refused" && begin <= until && labels.has(label),
    );
  }

  /** Who has certainly ended it before then. */
  endedBefore(id: string, before: number): Visit | undefined {
    const ender = (this.#enders.get(id) ?? []).find((each) => hasEnded(each) && each.ended < before);
    if (ender !== undefined) return ender;
    return this.#revocations.find(({ label, outcome, begin, ended }) => {
      if (outcome !== "done" || ended >= before) return false;
      // Under whatever id it was then: with that label all the while.
      for (let each: string | undefined = id; each !== undefined; each = this.parentOf(each)) {
        const birth = this.#births.get(each);
        if (this.labelOf(each) !== label) return false;
        if (birth !== undefined && birth.ended < begin) return true;
      }
      return false;
    });
  }

  /**
   * Who may have left a trace under the id, if nobody may have removed that session without one.
   */
  traceOf(id: string): Visit | undefined {
    if (this.mayBeRevoked(id, Number.POSITIVE_INFINITY)) return undefined;
    return (this.#enders.get(id) ?? []).find(hasEnded);
  }

  /**
   * Whether a visit may have left a session of that label, under an id that nobody was told. A move
   * that was refused ends its copy; where the store fails then, the copy is found until it is
   * ended later, expires, or is revoked.
   */
  mayHaveLeft({ kind, outcome, failed, storeFailed, to, label, id }: Visit, wanted: string): boolean {
    const moves = kind === "login" || kind === "renew";
    if (failed || to !== undefined) return false;
    if (outcome !== "unknown" && !(moves && storeFailed)) return false;
    if (label !== undefined) return label === wanted;
    return kind === "renew" && id !== undefined && this.labelOf(id) === wanted;
  }

  #labelsOf(id: string): ReadonlySet<string> {
    const labels = new Set<string>();
    for (let each: string | undefined = id; each !== undefined; each = this.parentOf(each))
      labels.add(this.labelOf(each) ?? "");
    return labels;
  }
}

function mayHaveDone({ outcome }: Visit): boolean {
  return outcome === "done" || outcome === "unknown";
}

/** It was acknowledged, or its cookie says so. */
function hasEnded({ kind, outcome, to, clears }: Visit): boolean {
  return outcome === "done" || (kind === "logout" ? clears === true : to !== undefined);
}
