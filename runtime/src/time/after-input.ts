/**
 * Calls back when it was looked at what has come over the network: a timer that is due goes before
 * that, and a process that got no processor for long would take an answer that is there for one
 * that is missing.
 */
export function afterInput(call: () => void): void {
  // Node looks between timers and immediates; Bun and Deno do later, and other runtimes have none.
  if (typeof globalThis.setImmediate === "function") setImmediate(call);
  else setTimeout(call, 0);
}
