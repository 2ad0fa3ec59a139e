import type { Comparison } from "./comparison.js";
import { ofEnvironment } from "./environments.js";

/**
 * What a change of a backend's option is about. An option that is not here says where sessions are
 * kept.
 */
export type BackendAspect = "address" | "secrets" | "bytes" | "entries" | "reads" | "nothing" | "place";

const aspects: Readonly<Record<string, BackendAspect>> = {
  kind: "nothing",
  secrets: "secrets",
  url: "address",
  nodes: "address",
  sentinel: "address",
  servers: "address",
  endpoint: "address",
  region: "address",
  client: "address",
  "cookie maxChunks": "bytes",
  "memcached maxBytes": "bytes",
  "file maxEntries": "entries",
  "memory maxEntries": "entries",
  "memory maxBytes": "entries",
  "lmdb mapSize": "entries",
  "dynamodb consistentRead": "reads",
  // Permissions of files that are made from now on.
  "file mode": "nothing",
};

/** An option of a backend that is another one now. */
export interface OptionChange {
  readonly kind: string;
  readonly option: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly path: string;
  readonly at: readonly string[];
  /** A sentence without its full stop. */
  readonly summary: string;
}

/** Finds the options with such a meaning that have changed, of backends whose kind has not. */
export function optionChanges({ backends }: Comparison, aspect: BackendAspect): readonly OptionChange[] {
  return backends
    .filter(({ before, after }) => before.kind === after.kind)
    .flatMap(({ name, before, after, at }) =>
      [...new Set([...Object.keys(before), ...Object.keys(after)])]
        .filter((option) => aspectOf(before.kind, option) === aspect)
        .filter((option) => text(before[option]) !== text(after[option]))
        .map((option) => ({
          kind: before.kind,
          option,
          before: before[option],
          after: after[option],
          path: [...at, option].join("."),
          at: [...at, option],
          summary: `${option} of the backend${ofEnvironment(name)} was ${text(before[option])} and is ${text(after[option])}`,
        })),
    );
}

/** Tells whether a bound is lower now; `undefined` stands for the default. */
export function isLower(before: unknown, after: unknown, initial: number): boolean {
  return numberOf(after, initial) < numberOf(before, initial);
}

function numberOf(value: unknown, initial: number): number {
  return typeof value === "number" ? value : initial;
}

function aspectOf(kind: string, option: string): BackendAspect {
  return aspects[`${kind} ${option}`] ?? aspects[option] ?? "place";
}

function text(value: unknown): string {
  return value === undefined ? "the default" : JSON.stringify(value);
}
