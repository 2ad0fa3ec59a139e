import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "runtime/test/**/*.test.ts",
      "generator/test/**/*.test.ts",
      "test/**/*.test.ts",
      "examples/*/test/**/*.test.ts",
    ],
    globalSetup: ["services/vitest.ts"],
    tags: [{ name: "slow", description: "Takes seconds of the processor; left out by `npm run test:fast`." }],
    // Much of the time is waiting for servers; the default is one worker less than there are cores.
    maxWorkers: 3,
    // A busy machine takes its time; what waits for a condition is bounded by this, never decided by it.
    expect: { poll: { timeout: 120_000 } },
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
