// Writes more and more, and ends after some of it, in the middle of the next.
import { lmdbStore } from "../../../src/stores/lmdb/index.ts";

const store = lmdbStore({ path: process.argv[2] });
const expiresAt = Date.UTC(2100, 0, 1);
let written = 0;
for (const key of ["a", "b", "c"]) {
  void (async () => {
    for (;;) {
      await store.write(key, Uint8Array.of(1), { expect: "any", expiresAt });
      written += 1;
      if (written === 20) setTimeout(() => process.exit(0), 5);
    }
  })();
}
