/**
 * Of each option of a backend, whether the lock keeps it. The others may hold credentials, or only
 * tune something.
 */
export type Kept<Options> = { readonly [Name in Exclude<keyof Options, "kind">]-?: boolean };
