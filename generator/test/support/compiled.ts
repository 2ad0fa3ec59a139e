import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Project } from "./project.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
/** Strict, and with the runtime as it is here. */
export const tsconfig: string = JSON.stringify({
  extends: `${root}tsconfig.base.json`,
  compilerOptions: {
    composite: false,
    noEmit: true,
    types: ["node"],
    // As every application on NestJS has it.
    experimentalDecorators: true,
    paths: {
      "@sessgen/runtime": [`${root}runtime/src/index.ts`],
      "@sessgen/runtime/stores/express-store": [
        `${root}runtime/src/adapters/express-session/from-express-store.ts`,
      ],
      "@sessgen/runtime/stores/cookie": [`${root}runtime/src/transports/carrier.ts`],
      "@sessgen/runtime/http/express-session": [`${root}runtime/src/adapters/express-session/attach.ts`],
      "@sessgen/runtime/*": [`${root}runtime/src/*/index.ts`, `${root}runtime/src/*.ts`],
    },
  },
  include: ["src/**/*.ts"],
});
/** What the compiler says about the project's own files. */
export function compile({ root: folder }: Project): string[] {
  try {
    execFileSync(process.execPath, [
      `${root}node_modules/typescript/bin/tsc`,
      "-p",
      folder,
      "--pretty",
      "false",
    ]);
    return [];
  } catch (error) {
    const out = String((error as { stdout?: unknown }).stdout);
    return out.split("\n").filter((line) => line.startsWith("src/") || line.includes("/project-"));
  }
}
