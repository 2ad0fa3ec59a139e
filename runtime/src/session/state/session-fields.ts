import { inspect } from "node:util";
import type { FieldDefinition } from "../../codec/definition.js";
import { accept } from "./accept.js";
import { admitted } from "./admitted.js";
import type { SessionState } from "./state.js";
import { beyondFields, unknownField } from "./unknown-fields.js";
import { fieldOf, flashListOf, refuseLate, refuseUnwritable } from "./writable.js";

/** What iterating over a session gives: the name and the value of a field. */
export type SessionEntry<Data extends object> = [keyof Data & string] extends [never]
  ? [string, unknown]
  : { [K in keyof Data & string]: [K, Exclude<Data[K], undefined>] }[keyof Data & string];

/**
 * The fields of a session: what every generated class has to read and write them, beside a member
 * for each.
 *
 * @typeParam Data - every field as its getter returns it
 * @typeParam Patch - what can be assigned, all optional
 * @typeParam Client - the fields that may be sent to the browser
 * @typeParam Flash - the flash lists, with the type of their elements
 */
export abstract class SessionFields<
  Data extends object = object,
  Patch extends object = Partial<Data>,
  Client extends object = object,
  Flash extends object = object,
> {
  static {
    Object.setPrototypeOf(SessionFields.prototype, beyondFields);
    // Every promise that comes to a session looks for it: not all the way to the proxy behind.
    // biome-ignore lint/suspicious/noThenProperty: it says that there is none
    Object.defineProperty(SessionFields.prototype, "then", {
      configurable: true,
      get: () => undefined,
      set() {
        throw unknownField("then");
      },
    });
    // Shows which fields are present, and of those not marked `redact` the values; never the id.
    Object.defineProperty(SessionFields.prototype, inspect.custom, {
      value(this: SessionFields, _depth: number, options: object): string {
        const shown: Record<string, unknown> = { ...this.toJSON() };
        for (const field of this.#state.context.fields) {
          if (field.redact && this.#state.has(field)) shown[field.name] = "[redacted]";
        }
        return `${this.constructor.name} ${inspect(shown, options)}`;
      },
    });
  }

  readonly #state: SessionState;

  /** Sessions are made by `sessions.open()`. */
  constructor(state: SessionState) {
    this.#state = state;
  }

  /**
   * Assigns several fields at once. All are checked before any is assigned.
   * @throws SessionFieldError when the schema forbids one of the values, or knows no such field
   */
  $assign(patch: Patch): void {
    refuseUnwritable(this.#state);
    const fields = Object.entries(patch).map(([name, value]) => {
      const field: FieldDefinition = fieldOf(this.#state, name);
      return [field, admitted(field, value)] as const;
    });
    for (const [field] of fields) refuseLate(this.#state, field);
    for (const [field, value] of fields) this.#state.set(field, value);
  }

  /**
   * Runs a function that puts what a client sent into the session:
   * `session.$accept(() => session.cart.push(request.body))`. What the schema forbids is then the
   * client's mistake: the error has status 400, also for what is changed in place, and nothing that
   * the function did to the session is left. Values that were handed out before are then no longer
   * the session's.
   * @returns what the function returns, which is no promise
   * @throws SessionFieldError, SessionError `field/unknown`, each with status 400; what the
   *   function throws
   */
  $accept<T>(work: () => T extends PromiseLike<unknown> ? never : T): T {
    refuseUnwritable(this.#state);
    return accept<T>(this.#state, work);
  }

  /** Removes every field; the session itself, with its id, stays. */
  $clear(): void {
    refuseUnwritable(this.#state);
    const { fields } = this.#state.context;
    for (const field of fields) if (this.#state.has(field)) refuseLate(this.#state, field);
    for (const field of fields) this.#state.set(field, undefined);
  }

  /**
   * Has a field begin anew: it is absent, or has its default, and what is stored of it goes at the
   * next commit, even if it cannot be read here. What such a field is changed to is otherwise
   * refused once, with `session/substitute`.
   */
  $reset(name: keyof Data & string): void {
    refuseUnwritable(this.#state);
    const field = fieldOf(this.#state, name);
    refuseLate(this.#state, field);
    this.#state.reset(field);
  }

  /**
   * Adds an element to a flash list, to be shown once. Unlike reading the list and pushing to it,
   * this does not count as showing what is there.
   * @throws SessionFieldError when the schema forbids it
   */
  $flash<Name extends keyof Flash & string>(name: Name, item: Flash[Name]): void {
    refuseUnwritable(this.#state);
    const field = flashListOf(this.#state, name);
    refuseLate(this.#state, field);
    this.#state.add(field, item);
  }

  /**
   * Takes elements out of a flash list; the others stay for later. What the getter has shown in
   * this request is not given again.
   * @param matches - which ones; without it, all
   */
  $flashed<Name extends keyof Flash & string>(
    name: Name,
    matches: (item: Flash[Name]) => boolean = () => true,
  ): Flash[Name][] {
    const field = flashListOf(this.#state, name);
    return this.#state.take(field, (item) => matches(item as Flash[Name])) as Flash[Name][];
  }

  /**
   * Lets flash fields that were read in this request stay for the next one, too. Without names: all
   * of them.
   */
  $keep(...names: readonly (keyof Data & string)[]): void {
    const { fields } = this.#state.context;
    const kept = names.length === 0 ? fields : names.map((name) => fieldOf(this.#state, name));
    for (const field of kept) this.#state.keep(field);
  }

  /**
   * Gives the fields that are present, without those marked `redact`; reading them this way has no
   * consequences.
   */
  toJSON(): Partial<Data> {
    const json: Record<string, unknown> = {};
    for (const field of this.#state.context.fields) {
      const value = field.redact ? undefined : this.#state.peek(field);
      if (value !== undefined) json[field.name] = value;
    }
    return json as Partial<Data>;
  }

  /**
   * Gives the fields marked `client` that are present: what may be sent to the browser, such as the
   * state a page starts from. Reading them this way has no consequences.
   */
  $client(): Client {
    const client: Record<string, unknown> = {};
    for (const field of this.#state.context.fields) {
      const value = field.client ? this.#state.peek(field) : undefined;
      if (value !== undefined) client[field.name] = value;
    }
    return client as Client;
  }

  /** Gives name and value of every field that is present. */
  *[Symbol.iterator](): IterableIterator<SessionEntry<Data>> {
    for (const field of this.#state.context.fields) {
      const value = this.#state.get(field);
      if (value !== undefined) yield [field.name, value] as SessionEntry<Data>;
    }
  }

  /** Reads a field, for generated getters. */
  protected $get<T>(field: FieldDefinition<T>): T {
    return this.#state.get(field) as T;
  }

  /**
   * Assigns a field, for generated setters. Throws `SessionFieldError` when the schema forbids the
   * value.
   */
  protected $set<T>(field: FieldDefinition<T>, value: T | undefined): void {
    refuseUnwritable(this.#state);
    const definition: FieldDefinition = field;
    const taken = admitted(definition, value);
    refuseLate(this.#state, definition);
    this.#state.set(definition, taken);
  }
}
