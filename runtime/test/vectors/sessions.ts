import { packValue } from "../../src/codec/packed/pool.js";
import { encodeRecord, type SessionRecord } from "../../src/index.js";
import { codecOf, type Schema } from "../codec/support/schema.js";
import { shown } from "./plain.js";

/** A packed session, and what a reader makes of it. */
export interface SessionVector {
  readonly name: string;
  /** Slot, name and schema of each field. */
  readonly fields: readonly (readonly [slot: number, name: string, schema: Schema])[];
  readonly hex: string;
  readonly session: {
    /** Milliseconds since the Unix epoch. */
    readonly createdAt: number;
    readonly permanent: boolean;
    readonly trace?: "moved" | "ended";
    readonly epoch?: number;
    readonly marks?: readonly number[];
    /** Hexadecimal. */
    readonly history?: string;
    readonly fields: Readonly<Record<string, unknown>>;
    /** Slots without a field, hexadecimal. */
    readonly unknownSlots: Readonly<Record<string, string>>;
    readonly unknown?: unknown;
    readonly ends?: Readonly<Record<string, number>>;
    readonly binding?: Readonly<Record<string, string>>;
  };
}

const fields: SessionVector["fields"] = [
  [
    0,
    "user",
    {
      object: [
        [0, "id", "string"],
        [1, "name", "string"],
      ],
    },
  ],
  [1, "visits", "number"],
  [2, "theme", { enum: ["light", "dark"] }],
  [9, "notice", "string"],
];
const user = { id: "5e0bb1c4-6f4f-4d8e-9a51-6f8d5a0a3c11", name: "Ada" };
const createdAt = 1_700_000_000_000;

interface Sample {
  readonly values?: Readonly<Record<string, unknown>>;
  readonly record?: Partial<SessionRecord>;
  /** Packed, by slots that no field has. */
  readonly others?: Readonly<Record<number, string>>;
}

const samples: readonly [name: string, sample: Sample][] = [
  ["nothing", {}],
  ["the first fields", { values: { user, visits: 3, theme: "dark" } }],
  ["fields with gaps", { values: { visits: 3, notice: "Saved." } }],
  [
    "permanent, with a mark and a history of one generation",
    {
      values: { visits: 3 },
      record: { permanent: true, marks: [0xfedcba98], historyMark: Buffer.from("010f29343133", "hex") },
    },
  ],
  [
    "a history of three generations",
    {
      values: { visits: 3 },
      record: { historyMark: Buffer.from("038101293431330a0b0c0d0e0f", "hex") },
    },
  ],
  ["four marks, an epoch", { values: { visits: 3 }, record: { marks: [1, 2, 3, 4], epoch: 7 } }],
  ["slots of a newer version", { values: { visits: 3 }, others: { 10: "a161", 11: "9101" } }],
  ["keys outside of the schema", { values: { visits: 3 }, record: { unknown: { csrf_token: "x", n: 1.5 } } }],
  [
    "ends, a binding, and what a later version adds",
    {
      values: { notice: "Saved." },
      record: {
        ends: new Map([[9, 1_700_000_060_000]]),
        binding: { address: "192.0.2.1" },
        more: new Map([["later", Uint8Array.of(0xc3)]]),
      },
    },
  ],
  ["begun before 1970", { record: { createdAt: -2000 } }],
  ["moved", { record: { trace: "moved", marks: [9] } }],
  ["ended", { record: { trace: "ended" } }],
];

/**
 * "the first fields" with a longer name, compressed. Kept as it is: each version of zlib finds bytes
 * of its own.
 */
const COMPRESSED =
  "92c4067080000000bfc4289b7284352135f823c3a4230271dc1b8fe4fbfbf6cd0accef8de2b211bcb9c0312551613063664600";

/** All of them. */
export function sessionVectors(): readonly SessionVector[] {
  const compressed: SessionVector = {
    name: "compressed",
    fields,
    hex: COMPRESSED,
    session: {
      createdAt,
      permanent: false,
      fields: { user: { ...user, name: "Ada ".repeat(40) }, visits: 3, theme: "dark" },
      unknownSlots: {},
    },
  };
  return [...vectorsOfSamples(), compressed];
}

function vectorsOfSamples(): readonly SessionVector[] {
  return samples.map(([name, { values = {}, record = {}, others = {} }]) => {
    const packed = fields.flatMap(([slot, field, schema]): [number, Uint8Array][] =>
      field in values ? [[slot, packValue(codecOf(schema), values[field])]] : [],
    );
    const unknownSlots = Object.entries(others).map(([slot, hex]): [number, Uint8Array] => [
      Number(slot),
      Buffer.from(hex, "hex"),
    ]);
    const whole: SessionRecord = {
      createdAt,
      permanent: false,
      ...record,
      fields: new Map([...packed, ...unknownSlots]),
    };
    const { trace, epoch, marks, historyMark, unknown, ends, binding } = whole;
    return {
      name,
      fields,
      hex: Buffer.from(encodeRecord(whole, [], "packed")).toString("hex"),
      session: {
        createdAt: whole.createdAt,
        permanent: whole.permanent,
        ...(trace && { trace }),
        ...(epoch !== undefined && { epoch }),
        ...(marks && { marks }),
        ...(historyMark && { history: Buffer.from(historyMark).toString("hex") }),
        fields: Object.fromEntries(Object.entries(values).map(([field, value]) => [field, shown(value)])),
        unknownSlots: others,
        ...(unknown && { unknown: shown(unknown) }),
        ...(ends && { ends: Object.fromEntries(ends) }),
        ...(binding && { binding }),
      },
    };
  });
}
