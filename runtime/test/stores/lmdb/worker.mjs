// Counts one session up, conditionally, together with other processes that do the same; each count is found by its number.
import { lmdbStore } from "../../../src/stores/lmdb/index.ts";

const [path = "", times = "1"] = process.argv.slice(2);
const store = lmdbStore({ path });
const expiresAt = Date.UTC(2100, 0, 1);
for (let done = 0; done < Number(times); ) {
  const current = await store.read("a");
  if (current === undefined) process.exit(1);
  const count = Buffer.from(current.payload).readUInt32BE() + 1;
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(count);
  const { ok } = await store.write("a", payload, {
    expect: current.version,
    expiresAt,
    index: { count: String(count) },
  });
  if (ok) done += 1;
  if (ok && done === 1) process.stdout.write("begun\n");
}
await store.close();
