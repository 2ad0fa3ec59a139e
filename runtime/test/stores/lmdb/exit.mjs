// Opens a store and ends with its input, without closing it. Says at the very end what is still open.
import { readFileSync, writeSync } from "node:fs";
import { lmdbStore } from "../../../src/stores/lmdb/index.ts";

const store = lmdbStore({ path: process.argv[2] });
await store.write("a", Uint8Array.of(1), { expect: "any", expiresAt: Date.UTC(2100, 0, 1) });
process.on("exit", () => {
  if (process.platform !== "linux") return;
  if (readFileSync("/proc/self/maps", "utf8").includes("lock.mdb")) writeSync(1, "still open");
});
process.stdout.write("open");
process.stdin.resume();
process.stdin.once("end", () => process.exit());
