/// <reference types="astro/client" />
// `App.Locals` is declared by src/session/astro.ts, which sessgen emits.
