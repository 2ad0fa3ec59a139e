import { PackedReader } from "../serializer/packed-reader.js";
import { PackedWriter } from "../serializer/packed-writer.js";
import type { SessionRecord } from "../serializer/record.js";
import { UnreadableValue } from "../serializer/unreadable.js";
import type { Version } from "../stores/store.js";
import type { FieldDefinition } from "./definition.js";
import { type Packed, samePacked } from "./merge.js";
import type { SessionContext } from "./options.js";

/** A session as it is stored: what changes are compared with. */
export interface StoredState {
  /** From the cookie. */
  readonly id: string;
  readonly version: Version;
  readonly expiresAt: number;
  readonly record: SessionRecord;
}

/** One field whose packed value differs from what is stored. */
export interface Change {
  readonly field: FieldDefinition;
  readonly base: Packed;
  readonly mine: Packed;
}

/**
 * What one request knows of its session: the stored state, and the values that were read or assigned. Values are decoded
 * on first access; whether one changed is found by encoding it again and comparing bytes.
 */
export class SessionState {
  readonly context: SessionContext;
  /** `undefined`: nothing is stored (yet). */
  stored: StoredState | undefined;
  /** The request carried a cookie whose session is to be forgotten by the browser. */
  cookieToClear = false;
  /** The cookie should be sent again although nothing changed, e.g. to sign it with the new secret. */
  cookieIsStale = false;
  /** The store was out of reach: the session reads as empty. */
  isNull = false;
  /** Nothing of this request is saved. */
  isDisabled = false;
  accessed = false;
  regenerate = false;
  /** Set by the application; `undefined` leaves it as stored. */
  permanent: boolean | undefined;
  createdAt: number;
  /** The Set-Cookie values that the response needs so far; a later commit replaces them. */
  cookies: readonly string[] = [];
  /** What fields that were changed while a commit ran are compared with: not what is stored, but what it saved. */
  readonly #bases = new Map<FieldDefinition, Packed>();
  readonly #live = new Map<FieldDefinition, unknown>();
  readonly #assigned = new Set<FieldDefinition>();
  readonly #shown = new Set<FieldDefinition>();

  constructor(context: SessionContext, stored?: StoredState) {
    this.context = context;
    this.stored = stored;
    this.createdAt = stored?.record.createdAt ?? context.clock();
  }

  get isPermanent(): boolean {
    return this.permanent ?? this.stored?.record.permanent ?? false;
  }

  /** The lifetime that applies to this session. */
  get lifetime(): { readonly idle: number; readonly absolute: number } {
    const { lifetime } = this.context;
    return this.isPermanent ? lifetime.permanent : lifetime;
  }

  /** Reads a field for the application. */
  get(field: FieldDefinition): unknown {
    this.accessed = true;
    if (field.flash) this.#shown.add(field);
    return this.peek(field);
  }

  /** Reads a field without consequences: a flash field stays, the session does not count as accessed. */
  peek(field: FieldDefinition): unknown {
    if (this.#live.has(field)) return this.#live.get(field);
    const value = this.#decode(field);
    this.#live.set(field, value);
    return value;
  }

  /** Whether the field holds a value other than its default. */
  has(field: FieldDefinition): boolean {
    const live = this.#live.has(field) ? this.#live.get(field) : this.#base(field);
    return live !== undefined;
  }

  /** Assigns a value that has passed the field's check; `undefined` removes the field. */
  set(field: FieldDefinition, value: unknown): void {
    this.accessed = true;
    this.#live.set(field, value);
    this.#assigned.add(field);
    this.#shown.delete(field);
  }

  /** A flash field that was read stays for the next request, too. */
  keep(field: FieldDefinition): void {
    this.#shown.delete(field);
  }

  /**
   * Every field whose value differs from what is stored.
   * @throws SessionFieldError when a value was changed in place to one that the schema forbids
   */
  changes(): Change[] {
    const changes: Change[] = [];
    for (const field of this.context.fields) {
      const base = this.#base(field);
      const mine = this.#current(field, base);
      if (!samePacked(base, mine)) changes.push({ field, base, mine });
    }
    return changes;
  }

  /** Whether {@link changes} can be anything but empty; cheap. */
  mayHaveChanges(): boolean {
    if (this.#assigned.size > 0 || this.#shown.size > 0) return true;
    for (const field of this.#live.keys()) if (field.mutable) return true;
    return false;
  }

  /**
   * Goes on from what was just stored. Values that were handed out stay the session's own as long as they are what is
   * stored, so that changing them in place still counts.
   * @param saved - the changes that it contains; what was changed since they were found waits for the next commit
   */
  rebase(stored: StoredState, saved: readonly Change[]): void {
    const handedOut = this.#comparedWith(saved);
    const permanent = this.permanent === stored.record.permanent ? undefined : this.permanent;
    this.#restart(stored);
    this.permanent = permanent;
    for (const { field, value, base, late, shown } of handedOut) {
      if (late) {
        this.#bases.set(field, base);
        (shown ? this.#shown : this.#assigned).add(field);
      }
      if (late || (!shown && samePacked(base, this.#base(field)))) this.#live.set(field, value);
    }
  }

  /** Forgets everything: what is assigned from now on begins a new session. */
  reset(): void {
    this.#restart(undefined);
  }

  #restart(stored: StoredState | undefined): void {
    this.stored = stored;
    this.createdAt = stored?.record.createdAt ?? this.context.clock();
    this.regenerate = false;
    this.permanent = undefined;
    this.cookieIsStale = false;
    this.#bases.clear();
    this.#live.clear();
    this.#assigned.clear();
    this.#shown.clear();
  }

  /** Every value in use, what the running commit saved of it, and whether it was changed since. */
  #comparedWith(saved: readonly Change[]) {
    const changes = new Map(saved.map((change) => [change.field, change]));
    return [...this.#live].map(([field, value]) => {
      const stored = this.#base(field);
      const change = changes.get(field);
      const base = change === undefined ? stored : change.mine;
      let late = true;
      try {
        late = !samePacked(this.#current(field, stored), base);
      } catch {
        // Changed in place to what the schema forbids: the next commit says so.
      }
      return { field, value, base, late, shown: this.#shown.has(field) };
    });
  }

  #base(field: FieldDefinition): Packed {
    if (this.#bases.has(field)) return this.#bases.get(field);
    return this.stored?.record.fields.get(field.slot);
  }

  #current(field: FieldDefinition, base: Packed): Packed {
    // Shown once: gone, unless it was assigned again or kept.
    if (this.#shown.has(field)) return undefined;
    if (!this.#live.has(field)) return base;
    const assigned = this.#assigned.has(field);
    if (!assigned && !field.mutable) return base;
    const value = this.#live.get(field);
    if (value === undefined) return assigned ? undefined : base;
    const mine = this.#encodeLive(field, value);
    if (assigned || samePacked(mine, this.#encodedAsRead(field, base))) return assigned ? mine : base;
    field.check(value);
    return mine;
  }

  /** Values that were assigned have been checked; one that was changed in place may have become anything. */
  #encodeLive(field: FieldDefinition, value: unknown): Uint8Array {
    try {
      return encode(field, value);
    } catch (error) {
      field.check(value);
      throw error;
    }
  }

  /** What the field's value as it was first handed out would be encoded as. */
  #encodedAsRead(field: FieldDefinition, base: Packed): Packed {
    if (base !== undefined) {
      try {
        // Not `base` itself: bytes from an older schema, e.g. without a default of today, may be other bytes.
        return encode(field, decode(field, base));
      } catch {
        // Unreadable: what was handed out is the fallback.
      }
    }
    const value = substitute(field);
    return value === undefined ? undefined : encode(field, value);
  }

  #decode(field: FieldDefinition): unknown {
    const base = this.#base(field);
    if (base === undefined) return field.default === undefined ? field.fallback?.() : field.default();
    try {
      return decode(field, base);
    } catch (error) {
      if (!(error instanceof UnreadableValue)) throw error;
      this.context.events.unreadable(error, field.name);
      return substitute(field);
    }
  }
}

/** What stands in for an unreadable value. */
function substitute(field: FieldDefinition): unknown {
  return field.fallback === undefined ? field.default?.() : field.fallback();
}

function decode(field: FieldDefinition, packed: Uint8Array): unknown {
  const reader = new PackedReader(packed);
  const value = field.codec.read(reader);
  reader.end();
  return value;
}

function encode(field: FieldDefinition, value: unknown): Uint8Array {
  const writer = new PackedWriter();
  field.codec.write(writer, value);
  return writer.take();
}
