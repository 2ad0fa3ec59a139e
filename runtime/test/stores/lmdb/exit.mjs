// Opens a store and ends with its input, without closing it.
import { lmdbStore } from "../../../src/stores/lmdb/index.ts";

await lmdbStore({ path: process.argv[2] }).read("a");
process.stdout.write("open");
process.stdin.resume();
process.stdin.once("end", () => process.exit());
