import type { AnySession, Version } from "../changes/versions.js";
import type { Warnings } from "./covered.js";
import type { Operation } from "./recipes.js";
import { allProperties, type Field, ROOM, type Schema, type Type } from "./schema.js";
import { mergeUnions, union } from "./unions.js";
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
  /** What was stored of the field. */
  readonly known: Known;
  /** The session is in a realm that the version does not look in. */
  readonly isStranger: boolean;
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
  /** Of those, the ones that changed one list which is merged by a key. */
  merged: number;
  /** Looks of versions that do not find the session, and sessions that they began. */
  strangers: number;
  begun: number;
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
  /** Counts what was written to the store. */
  readonly written: () => number;
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
  /** The version that wrote the session last: it is in that one's realm. */
  #writer: number | undefined;

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
          const isDone = await this.#commit(first);
          await this.#commit(second, isDone ? first : undefined);
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
    const isStranger = !this.#finds(player);
    if (beside !== undefined && (isStranger || beside.isStranger)) return undefined;
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
          ((isCounter(one) && isCounter(beside.field)) || mergeUnions(one, beside.field))),
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
    const how = `${isStranger ? " as a stranger" : ""}${beside === undefined ? "" : " beside it"}`;
    this.log.push(`v${player} ${kind} ${field.name} (${field.id}): ${text}${how}`);
    const known = isStranger ? missing : (this.#known.get(field.id) ?? missing);
    return { player, field, session, before, after, kind, known, isStranger };
  }

  /** Tells whether a version looks for the session where it is. */
  #finds(player: number): boolean {
    if (this.#writer === undefined) return true;
    const [reader, writer] = [this.#players[player], this.#players[this.#writer]] as [Player, Player];
    const { realm, previous } = reader.schema;
    return [realm, ...previous].includes(writer.schema.realm);
  }

  /**
   * @param beside - what was committed since the request began
   * @returns whether something was saved
   */
  async #commit(request: Request, beside?: Request): Promise<boolean> {
    const { player, field, session, before, kind, isStranger } = request;
    const known = isStranger ? missing : (this.#known.get(field.id) ?? missing);
    const isCounted = beside?.field.id === field.id;
    const isRead = isCounted || kind !== "change" || isSame(known, before, field);
    const written = this.#stage.written();
    const cookie = this.#cookie;
    const code = await this.#save(session);
    if (code === "session/substitute") {
      this.#counts.refused += 1;
      this.log.push(`v${player} is refused`);
      if (isRead && !this.#warnings.covers(field, player))
        throw new Error(`v${player} could read ${field.name} and was refused`);
      return false;
    }
    if (code !== undefined) {
      // Where the session was, there is a trace for some seconds.
      this.log.push(`v${player} is refused: ${code}`);
      if (this.#finds(player) && !this.#hasMoved(player, beside))
        throw new Error(`v${player} finds the session and was refused: ${code}`);
      return false;
    }
    if (isStranger) {
      if (this.#cookie === cookie) return false;
      this.#counts.begun += 1;
      this.#known.clear();
    }
    if (this.#stage.written() > written) this.#writer = player;
    this.#counts.writes += 1;
    this.#learn(request, beside);
    return true;
  }

  /** Commits, and gives the code of a refusal. */
  async #save(session: AnySession): Promise<string | undefined> {
    try {
      for (const line of (await session.$commit()) as readonly string[]) this.#cookie = line.split(";")[0];
      return undefined;
    } catch (error) {
      const code: unknown = Reflect.get(Object(error), "code");
      if (code === "session/substitute" || code === "session/moved" || code === "session/gone") return code;
      throw error;
    }
  }

  /** Tells whether the other request has taken the session into a realm of its own. */
  #hasMoved(player: number, beside: Request | undefined): boolean {
    if (beside === undefined) return false;
    const [one, other] = [this.#players[player], this.#players[beside.player]] as [Player, Player];
    return one.schema.realm !== other.schema.realm;
  }

  /** Learns what is stored of a field that was saved. */
  #learn(request: Request, beside: Request | undefined): void {
    const { player, field, before, after, kind } = request;
    const known = this.#known.get(field.id) ?? missing;
    const isCounted = beside?.field.id === field.id;
    const isRead = isCounted || kind !== "change" || isSame(known, before, field);
    // A default that is assigned where nothing is stored may be stored or not.
    if (isSame(missing, after, field) && (known.kind === "missing" || known.kind === "perhaps")) {
      this.#known.set(field.id, { kind: "perhaps", value: learn(after, field.type) });
      return;
    }
    if (isCounted && beside !== undefined && mergeUnions(field, beside.field)) {
      this.#counts.merged += 1;
      this.#known.set(field.id, mergedOf(known, beside, request));
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

  /** A version that does not find the session was said not to. */
  #countStranger(index: number): void {
    this.#counts.strangers += 1;
    if (this.#writer !== undefined && !this.#warnings.coversStranger(index, this.#writer))
      throw new Error(`Lost, and not named: v${index} does not find what v${this.#writer} has written`);
  }

  /** Looks at what all versions read of all fields. */
  async #look(): Promise<void> {
    for (const [index, { schema, sessions }] of this.#players.entries()) {
      const session: AnySession = await sessions.open(this.#cookie);
      const isStranger = !this.#finds(index);
      if (isStranger) this.#countStranger(index);
      for (const field of schema.fields) {
        const value: unknown = session[field.name];
        const known = isStranger ? missing : (this.#known.get(field.id) ?? missing);
        this.#counts.reads += 1;
        if (isSame(known, value, field)) {
          if (typeof value !== "object" && value !== undefined)
            await this.#lookUp(index, field, value, known);
          continue;
        }
        if (isStranger) throw new Error(`Confused: v${index} is a stranger and reads ${field.name}`);
        const text = `v${index} reads ${field.name} (${field.id}) as ${JSON.stringify(value)}, which is ${textOf(known)}`;
        if (!isPlausible(value, field.type) && !this.#warnings.sharesName(field))
          throw new Error(`Confused: ${text}`);
        if (!this.#warnings.covers(field, index)) throw new Error(`Lost, and not named: ${text}`);
        this.#counts.warned += 1;
      }
    }
  }
}

/** What two requests make together of one list. */
function mergedOf(known: Known, theirs: Request, mine: Request): Known {
  const isRead = [theirs, mine].every((one) => isSame(one.known, one.before, one.field));
  const learned = learn(mine.after, mine.field.type, mine.known);
  const merged = union(mine.known, { ...theirs, known }, { ...mine, known: learned });
  return (isRead ? merged : undefined) ?? { kind: "any" };
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
          ? allProperties(type)
          : (type.variants.find(({ name: label }) => label === value.is)?.properties ?? []);
      const property = properties[number % properties.length];
      if (property?.type === type && value.again !== undefined) changeIn(value, "again", type, number + 1);
      else if (property !== undefined) value[property.name] = makeValue(property.type, number);
      return;
    }
    default:
      object[name] = makeValue(type, number);
  }
}

function textOf(known: Known): string {
  return JSON.stringify(known, (_key, value) => (value instanceof Map ? Object.fromEntries(value) : value));
}
