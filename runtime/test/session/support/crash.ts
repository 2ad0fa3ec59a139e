// Run in a process of its own: changes a session's user, and dies between the entry in the index and the session itself.

import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

const [kind = "", place = "", cookie, user = ""] = process.argv.slice(2);
const die = (): never => {
  process.kill(process.pid, "SIGKILL");
  throw new Error("still alive");
};

const { open } = await import("./lookup-sessions.js");
const { sessions, beforeRecord } = await open(kind, place);
const session = await sessions.open(cookie === "" ? undefined : cookie);
session.user = user;
if (kind === "file") {
  // The session's file takes its place by being renamed.
  const { rename } = fs;
  fs.rename = async (from, to) => (String(to).endsWith(".session") ? die() : rename(from, to));
  syncBuiltinESMExports();
} else {
  beforeRecord(die);
}
await session.$commit();
