// `App.Locals` is declared by src/lib/server/session/sveltekit.ts, which sessgen emits.
declare global {
  namespace App {}
}

export {};
