import { openSqlite } from "@sessgen/runtime/sqlite-driver";

/** Runs a function while a database has no table of sessions, so that it refuses whatever is asked. */
export async function withoutStore(database: string, work: () => Promise<void>): Promise<void> {
  await rename(database, "sessions", "away");
  try {
    await work();
  } finally {
    await rename(database, "away", "sessions");
  }
}

async function rename(file: string, from: string, to: string): Promise<void> {
  const database = await openSqlite(file);
  database.exec(`ALTER TABLE ${from} RENAME TO ${to}`);
  database.close();
}
