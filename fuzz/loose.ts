import {
  checkStorable,
  type FieldDefinition,
  fail,
  type History,
  SessionBase,
  type SessionDefinition,
} from "@sessgen/runtime";

/**
 * What a generated module contains, for what the example's schema has not: values of any type,
 * dates, bigints, an index.
 */
export interface LooseData {
  user?: string | undefined;
  anything?: unknown;
  log: unknown[];
  at?: Date | undefined;
  best: number;
  big?: bigint | undefined;
}

const user: FieldDefinition<string | undefined> = {
  name: "user",
  slot: 0,
  position: 1,
  check(value): asserts value is string | undefined {
    if (value !== undefined && typeof value !== "string") fail("user", "a string");
  },
  codec: {
    write: (writer, value) => writer.string(value ?? ""),
    read: (reader) => reader.string(),
    toPlain: (value) => value,
    fromPlain: (value, plain) => plain.readString(value),
  },
  optional: true,
  mutable: false,
  regenerate: "on-change",
  indexes: [{ path: "user", name: "user", pick: (value) => value }],
};

const anything: FieldDefinition = {
  name: "anything",
  slot: 1,
  position: 2,
  check: (value) => checkStorable(value, "anything"),
  codec: {
    write: (writer, value) => writer.unknown(value),
    read: (reader) => reader.unknown(),
    toPlain: (value, plain) => plain.unknown(value),
    fromPlain: (value, plain) => plain.readUnknown(value),
  },
  optional: true,
  mutable: true,
};

const log: FieldDefinition<unknown[]> = {
  name: "log",
  // Far out: there are many slots before it.
  slot: 40,
  position: 3,
  check(value): asserts value is unknown[] {
    if (!Array.isArray(value)) fail("log", "a list");
    checkStorable(value, "log");
  },
  codec: {
    write: (writer, value) => writer.unknown(value),
    read: (reader) => {
      const value = reader.unknown();
      return Array.isArray(value) ? value : [];
    },
    toPlain: (value, plain) => plain.unknown(value),
    fromPlain: (value, plain) => [...plain.readArray(plain.readUnknown(value))],
  },
  optional: false,
  mutable: true,
  default: () => [],
  merge: { append: 5 },
};

const at: FieldDefinition<Date | undefined> = {
  name: "at",
  slot: 3,
  position: 4,
  check(value): asserts value is Date | undefined {
    if (value !== undefined && !(value instanceof Date && Number.isFinite(value.getTime())))
      fail("at", "a date");
  },
  codec: {
    write: (writer, value) => writer.date(value ?? new Date(0)),
    read: (reader) => reader.date(),
    toPlain: (value, plain) => plain.date(value ?? new Date(0)),
    fromPlain: (value, plain) => plain.readDate(value),
  },
  optional: true,
  mutable: true,
  merge: "max",
};

const best: FieldDefinition<number> = {
  name: "best",
  slot: 4,
  position: 5,
  check(value): asserts value is number {
    if (typeof value !== "number") fail("best", "a number");
  },
  codec: {
    write: (writer, value) => writer.number(value),
    read: (reader) => reader.number(),
    toPlain: (value, plain) => plain.number(value),
    fromPlain: (value, plain) => plain.readNumber(value),
  },
  optional: false,
  mutable: false,
  default: () => 0,
  merge: "counter",
};

const big: FieldDefinition<bigint | undefined> = {
  name: "big",
  slot: 5,
  position: 6,
  check(value): asserts value is bigint | undefined {
    if (value !== undefined && typeof value !== "bigint") fail("big", "a bigint");
  },
  codec: {
    write: (writer, value) => writer.bigint(value ?? 0n),
    read: (reader) => reader.bigint(),
    toPlain: (value, plain) => plain.bigint(value ?? 0n),
    fromPlain: (value, plain) => plain.readBigint(value),
  },
  optional: true,
  mutable: false,
  merge: "counter",
};

export const looseFields: SessionDefinition = [user, anything, at, best, big, log] as SessionDefinition;
/** As if all slots had been given out at once. */
export const looseHistory: History = {
  hashes: looseFields.map((_, index) => index.toString(16).padStart(8, "0")).join(""),
  generations: [looseFields.length],
};

export class Loose extends SessionBase<LooseData> {
  get user(): string | undefined {
    return this.$get(user);
  }
  set user(value: string | undefined) {
    this.$set(user, value);
  }
  get anything(): unknown {
    return this.$get(anything);
  }
  set anything(value: unknown) {
    this.$set(anything, value);
  }
  get log(): unknown[] {
    return this.$get(log);
  }
  set log(value: unknown[]) {
    this.$set(log, value);
  }
  get at(): Date | undefined {
    return this.$get(at);
  }
  set at(value: Date | undefined) {
    this.$set(at, value);
  }
  get best(): number {
    return this.$get(best);
  }
  set best(value: number) {
    this.$set(best, value);
  }
  get big(): bigint | undefined {
    return this.$get(big);
  }
  set big(value: bigint | undefined) {
    this.$set(big, value);
  }
}
