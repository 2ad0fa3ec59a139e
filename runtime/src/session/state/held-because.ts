/**
 * Why a request is held: its session has another id, was destroyed, or has a history that nobody
 * here can verify.
 */
export type HeldBecause = "moved" | "ended" | "unverifiable";
