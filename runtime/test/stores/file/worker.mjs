// Counts the first byte of one session up, conditionally, together with other processes that do the same.
import { fileStore } from "../../../src/stores/file/index.ts";

const [directory = "", times = "1"] = process.argv.slice(2);
const store = fileStore({ directory });
for (let done = 0; done < Number(times); ) {
  const current = await store.read("a");
  if (current === undefined) process.exit(1);
  const payload = Uint8Array.of((current.payload[0] ?? 0) + 1);
  const { ok } = await store.write("a", payload, {
    expect: current.version,
    expiresAt: Date.UTC(2100, 0, 1),
  });
  if (ok) done += 1;
}
