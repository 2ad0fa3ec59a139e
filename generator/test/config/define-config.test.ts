import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));

// `@ts-expect-error` makes the compiler fail where it should refuse something and does not.
it.each(["typescript-5.9", "typescript-6", "typescript"])("defineConfig is checked by %s", (compiler) => {
  const options = [
    "--noEmit",
    "--strict",
    "--module",
    "nodenext",
    "--target",
    "es2022",
    "--skipLibCheck",
    "--types",
    "node",
  ];
  const { stdout, status } = spawnSync(
    process.execPath,
    [
      `${root}node_modules/${compiler}/bin/tsc`,
      ...options,
      "--ignoreConfig",
      "test/config/define-config.test-d.ts",
    ].filter((option) => compiler !== "typescript-5.9" || option !== "--ignoreConfig"),
    { cwd: `${root}generator`, encoding: "utf8" },
  );
  expect(stdout).toBe("");
  expect(status).toBe(0);
});
