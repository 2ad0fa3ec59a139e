// A thread that takes a lock and keeps it. Threads do not inherit the loader of TypeScript.
import { parentPort, workerData } from "node:worker_threads";
import { register } from "tsx/esm/api";

register();
const { withFileLock } = await import("../../../src/stores/file/lock.ts");
await withFileLock(workerData, undefined, async () => {
  parentPort.postMessage("held");
  await new Promise(() => setInterval(() => {}, 1000));
});
