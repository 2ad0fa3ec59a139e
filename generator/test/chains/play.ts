import type { AnySession, Version } from "../changes/versions.js";
import type { Warnings } from "./covered.js";
import type { Operation } from "./recipes.js";
import { type Field, ROOM, type Schema, type Type } from "./schema.js";
import { isPlausible, isSame, type Known, learn, makeValue, missing } from "./values.js";

/** A version that runs. */
export interface Player extends Pick<Version, "sessions"> {
  readonly schema: Schema;
}

/** What a version has done to a field in a request that is not over yet. */
interface Request {
  readonly player: number;
  readonly field: Field;
  readonly session: AnySession;
  /** As it was read, if it was. */
  readonly before: unknown;
  readonly after: unknown;
  readonly kind: "assign" | "change" | "remove";
}

/** How often things happened: of what never happens nothing is shown. */
export interface Counts {
  reads: number;
  /** Reads of what was lost, as the gate had said. */
  warned: number;
  writes: number;
  /** Requests that were refused, for they would have replaced what they could not read. */
  refused: number;
  /** Pairs of requests at the same time. */
  beside: number;
  /** Lookups that found the session, and those that said that there may be more. */
  found: number;
  unsure: number;
}

/** What a play is played with. */
export interface Stage {
  readonly warnings: Warnings;
  readonly counts: Counts;
  /** The store has an index for whatever field; otherwise nothing is looked up. */
  readonly isIndexed: boolean;
  /** Lets time go by, so that no process goes by what it has read of how far indexes are. */
  readonly wait: () => void;
}

/** Plays operations of several versions on one session, and looks after each at what all read. */
export class Play {
  readonly log: string[] = [];
  readonly #players: readonly Player[];
  readonly #warnings: Warnings;
  readonly #counts: Counts;
  readonly #stage: Stage;
  readonly #known = new Map<number, Known>();
  #cookie: string | undefined;

  constructor(players: readonly Player[], stage: Stage) {
    this.#players = players;
    this.#warnings = stage.warnings;
    this.#counts = stage.counts;
    this.#stage = stage;
  }

  /** @throws Error when something is lost that was not named, or confused */
  async run(operations: readonly Operation[]): Promise<void> {
    for (let at = 0; at < operations.length; at += 1) {
      const [one, other] = [operations[at], operations[at + 1]];
      if (one === undefined) continue;
      const first = await this.#request(one);
      if (one.kind === "beside" && other !== undefined && this.#cookie !== undefined) {
        const second = await this.#request(other, first);
        if (second !== undefined) {
          at += 1;
          this.#counts.beside += 1;
          await this.#commit(first);
          await this.#commit(second, first);
          await this.#look();
          continue;
        }
      }
      await this.#commit(first);
      await this.#look();
    }
  }

  /** Has a version change a field, without a commit. @param beside - the other request's */
  async #request(operation: Operation): Promise<Request>;
  async #request(operation: Operation, beside: Request): Promise<Request | undefined>;
  async #request(operation: Operation, beside?: Request): Promise<Request | undefined> {
    const player = operation.version % this.#players.length;
    const { schema, sessions } = this.#players[player] as Player;
    const count = schema.fields.length;
    const fields = Array.from(
      { length: count },
      (_, step) => schema.fields[(operation.field + step) % count],
    );
    const isCounter = ({ policies, type }: Field): boolean =>
      policies["merge"] === '"counter"' && (type.kind !== "int" || type.max === undefined);
    const field = fields.find(
      (one) =>
        beside === undefined ||
        one?.id !== beside.field.id ||
        (beside.kind === "change" &&
          beside.before !== undefined &&
          isCounter(one) &&
          isCounter(beside.field)),
    );
    if (field === undefined) return undefined;
    const isSameField = field.id === beside?.field.id;
    const session: AnySession = await sessions.open(this.#cookie);
    const kind =
      isSameField || operation.kind === "beside"
        ? "change"
        : operation.kind === "remove" && field.presence !== "optional"
          ? "assign"
          : operation.kind;
    const before: unknown = kind === "assign" ? undefined : structuredClone(session[field.name]);
    if (kind === "remove") session[field.name] = undefined;
    else if (kind === "assign" || before === undefined)
      session[field.name] = makeValue(field.type, operation.number % 1000);
    else changeIn(session, field.name, field.type, operation.number % 1000);
    const after: unknown = structuredClone(session[field.name]);
    const text = [before, after].map((value) => JSON.stringify(value) ?? "nothing").join(" -> ");
    this.log.push(
      `v${player} ${kind} ${field.name} (${field.id}): ${text}${beside === undefined ? "" : " beside it"}`,
    );
    return { player, field, session, before, after, kind };
  }

  /** @param beside - what was committed since the request began */
  async #commit({ player, field, session, before, after, kind }: Request, beside?: Request): Promise<void> {
    const known = this.#known.get(field.id) ?? missing;
    const isCounted = beside?.field.id === field.id;
    const isRead = isCounted || kind !== "change" || isSame(known, before, field);
    const commit = async (): Promise<boolean> => {
      try {
        for (const line of (await session.$commit()) as readonly string[]) this.#cookie = line.split(";")[0];
        return true;
      } catch (error) {
        if (Reflect.get(Object(error), "code") !== "session/substitute") throw error;
        return false;
      }
    };
    const done = await commit();
    if (!done) {
      this.#counts.refused += 1;
      this.log.push(`v${player} is refused`);
      if (isRead && !this.#warnings.covers(field, player))
        throw new Error(`v${player} could read ${field.name} and was refused`);
      return;
    }
    this.#counts.writes += 1;
    // A default that is assigned where nothing is stored may be stored or not.
    if (isSame(missing, after, field) && (known.kind === "missing" || known.kind === "perhaps")) {
      this.#known.set(field.id, { kind: "perhaps", value: learn(after, field.type) });
      return;
    }
    if (isCounted && beside !== undefined) {
      const sum = Number(after) + Number(beside.after) - Number(before);
      this.#known.set(field.id, learn(sum, field.type));
      return;
    }
    if (kind === "remove" && before === undefined && this.#warnings.covers(field, player)) {
      // To whom it is absent, removing it may be no change at all.
      this.#known.set(field.id, { kind: "any" });
      return;
    }
    const isKept = kind === "change" && isRead;
    this.#known.set(field.id, learn(after, field.type, isKept ? known : undefined));
  }

  /** Looks the session up by what was read, where there is an index: it is found, or nobody can say. */
  async #lookUp(index: number, field: Field, value: unknown, known: Known): Promise<void> {
    const { isIndexed, wait } = this.#stage;
    if (!isIndexed || field.policies["index"] === undefined) return;
    // A default is found by what it was when the session was written last.
    if (known.kind === "missing" || known.kind === "perhaps" || known.kind === "any") return;
    wait();
    const { sessions } = this.#players[index] as Player;
    const { count } = sessions as { readonly count: Count };
    try {
      const found = await count(field.name, value);
      if (found === 0 && !this.#warnings.covers(field, index) && !this.#warnings.hasOtherKeys(field))
        throw new Error(`v${index} does not find the session by ${field.name} = ${JSON.stringify(value)}`);
      this.#counts.found += found === 0 ? 0 : 1;
    } catch (error) {
      if (Reflect.get(Object(error), "code") !== "session/index-not-final") throw error;
      this.#counts.unsure += 1;
    }
  }

  /** Looks at what all versions read of all fields. */
  async #look(): Promise<void> {
    for (const [index, { schema, sessions }] of this.#players.entries()) {
      const session: AnySession = await sessions.open(this.#cookie);
      for (const field of schema.fields) {
        const value: unknown = session[field.name];
        const known = this.#known.get(field.id) ?? missing;
        this.#counts.reads += 1;
        if (isSame(known, value, field)) {
          if (typeof value !== "object" && value !== undefined)
            await this.#lookUp(index, field, value, known);
          continue;
        }
        const text = `v${index} reads ${field.name} (${field.id}) as ${JSON.stringify(value)}, which is ${textOf(known)}`;
        if (!isPlausible(value, field.type) && !this.#warnings.sharesName(field))
          throw new Error(`Confused: ${text}`);
        if (!this.#warnings.covers(field, index)) throw new Error(`Lost, and not named: ${text}`);
        this.#counts.warned += 1;
      }
    }
  }
}

/** What a version is told that finds sessions by a field. */
type Count = (path: string, value: unknown) => Promise<number>;

/** Changes a value where it stands. */
function changeIn(object: AnySession, name: string, type: Type, number: number): void {
  const value = object[name];
  switch (type.kind) {
    case "int": {
      const next = value + 1 + (number % 5);
      const most = type.id * ROOM + (type.max ?? ROOM - 1);
      object[name] = next > most ? type.id * ROOM : next;
      return;
    }
    case "list": {
      if (number % 3 === 0 && value.length > 0) value.pop();
      else if (number % 3 === 1 && value.length > 0) changeIn(value, "0", type.of, number);
      else value.push(makeValue(type.of, number));
      return;
    }
    case "object":
    case "union": {
      const properties =
        type.kind === "object"
          ? type.properties
          : (type.variants.find(({ name: label }) => label === value.is)?.properties ?? []);
      const property = properties[number % properties.length];
      if (property !== undefined) value[property.name] = makeValue(property.type, number);
      return;
    }
    default:
      object[name] = makeValue(type, number);
  }
}

function textOf(known: Known): string {
  return JSON.stringify(known, (_key, value) => (value instanceof Map ? Object.fromEntries(value) : value));
}
