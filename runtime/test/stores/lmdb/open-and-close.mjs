// Opens a store, uses it and closes it, again and again, together with other processes that do the same.
import { lmdbStore } from "../../../src/stores/lmdb/index.ts";

const [path = "", times = "1"] = process.argv.slice(2);
for (let done = 0; done < Number(times); done += 1) {
  const store = lmdbStore({ path });
  await store.write("a", Uint8Array.of(1), { expect: "any", expiresAt: Date.UTC(2100, 0, 1) });
  await store.read("a");
  await store.close();
}
