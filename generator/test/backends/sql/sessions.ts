import { identityOf, type SessionStore } from "@sessgen/runtime";
import { foundKeys } from "@sessgen/runtime/testing";
import { application } from "../../support/project.js";

/** A stored session, in a form that can be read without the emitted module. */
export function payload(fields: object): Uint8Array {
  return Buffer.from(JSON.stringify({ $createdAt: Date.now(), ...fields }));
}

const { tag } = identityOf({ application });

/** The key of a session of the application that every project is. */
export function own(name: string): string {
  return `${tag}.${name}`;
}

/** The keys found, of the application that every project is. */
export async function found(store: SessionStore, index: string, value: string): Promise<string[]> {
  return foundKeys(store, index, value, { application: tag });
}

export const write = { expect: "any", expiresAt: Date.now() + 3_600_000 } as const;
