/**
 * What the lock keeps of an option of a backend, for the comparison of two versions.
 * - `value`: what it says
 * - `address`: without what may be a password
 * - `nothing`: it only tunes something, which `changes/uncompared.ts` says of each
 */
export type KeptAs = "value" | "address" | "nothing";

/** Of each option of a backend, what the lock keeps. */
export type Kept<Options> = { readonly [Name in Exclude<keyof Options, "kind">]-?: KeptAs };
