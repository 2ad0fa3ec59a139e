import assert from "node:assert/strict";
import type { SessionStore, StoredSession, WriteResult } from "../stores/store.js";

/** What vitest, `node:test` and jest have in common. */
export interface TestFramework {
  describe(name: string, body: () => void): unknown;
  it(name: string, body: () => Promise<void>): unknown;
}

/** A store under test. */
export interface StoreFixture {
  readonly store: SessionStore;
  /** Gives the time by the store's clock, in milliseconds since the Unix epoch. */
  now(): number;
  /** Lets time pass: moves a fake clock, or really waits. */
  advance(milliseconds: number): Promise<void> | void;
  /**
   * Gives another connection to the same sessions, if the backend has such; closed by the suite.
   */
  another?(): Promise<SessionStore> | SessionStore;
}

/** What a backend cannot do, with the reason. */
export interface Unsupported {
  /** The backend deletes expired sessions by itself. */
  readonly sweep?: string;
  /** The backend cannot find sessions by a field. */
  readonly index?: string;
  /** The backend's limit for one session is below a megabyte. */
  readonly large?: string;
}

/** What the cases of one behaviour are registered with. */
export interface Suite {
  readonly describe: TestFramework["describe"];
  /**
   * Registers a case: a fresh store, closed afterwards whatever happens. `expiresAt` is in an hour.
   */
  test(title: string, body: (fixture: StoreFixture, expiresAt: number) => Promise<void>): void;
  readonly unsupported: Unsupported;
}

/** An hour, in milliseconds. */
export const HOUR = 3_600_000;

/** Bytes. */
export function bytes(...values: number[]): Uint8Array {
  return Uint8Array.from(values);
}

/**
 * Does what must be done before a session of a short life ends. Where time is real, a slow machine
 * may come too late: then a failure says nothing, and it is done again with a longer life.
 */
export async function inTime<T>(
  fixture: StoreFixture,
  life: number,
  act: (expiresAt: number) => Promise<T>,
): Promise<T> {
  const expiresAt = fixture.now() + life;
  try {
    return await act(expiresAt);
  } catch (error) {
    if (fixture.now() < expiresAt || life >= HOUR) throw error;
    return inTime(fixture, life * 4, act);
  }
}

/** Gives what a write that should have been accepted gave. */
export function accepted(result: WriteResult): { readonly version: string } {
  assert.equal(result.ok, true, "the write should have been accepted");
  return result as Extract<WriteResult, { ok: true }>;
}

/** Gives what refused a write that should have been refused. */
export function current(result: WriteResult): StoredSession | undefined {
  assert.equal(result.ok, false, "the write should have been refused");
  return (result as Extract<WriteResult, { ok: false }>).current;
}

/** Gives what should be there. */
export function present<T>(value: T | undefined): T {
  assert.notEqual(value, undefined, "there should be a session");
  return value as T;
}

/** Waits for an operation that should fail with that code. */
export async function rejects(operation: Promise<unknown>, code: string): Promise<void> {
  await assert.rejects(operation, (error: unknown) => {
    assert.equal(error instanceof Error && "code" in error ? error.code : error, code);
    return true;
  });
}
