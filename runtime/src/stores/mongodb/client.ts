import type { MongoClient } from "mongodb";
import { SessionError } from "../../errors.js";

/**
 * Milliseconds; shorter than the deadline of two seconds, so that the reason is known before it,
 * except for a long sweep.
 */
const timeouts = {
  serverSelectionTimeoutMS: 1500,
  connectTimeoutMS: 1500,
  waitQueueTimeoutMS: 1500,
  socketTimeoutMS: 10_000,
};

/** Makes a client of the store's own, and connects it. */
export async function connect(url: string | undefined): Promise<MongoClient> {
  const client = await make(url);
  try {
    return await connected(client);
  } catch (error) {
    client.close().catch(() => {});
    throw error;
  }
}

/**
 * Connects a client, unless it is connected. Left to its first operation, one that finds no server
 * then finds none ever again: the driver keeps what it has closed.
 */
export function connected(client: MongoClient): Promise<MongoClient> {
  return client.connect();
}

async function make(url: string | undefined): Promise<MongoClient> {
  if (url === undefined)
    throw new SessionError("store/unavailable", "The mongodb store was given neither a url nor a client");
  const { MongoClient } = await import("mongodb").catch((cause: unknown) => {
    throw new SessionError("store/missing-driver", "The package mongodb is not installed", { cause });
  });
  const named = url.toLowerCase();
  const unnamed = Object.entries(timeouts).filter(([name]) => !named.includes(`${name.toLowerCase()}=`));
  try {
    return new MongoClient(url, Object.fromEntries(unnamed));
  } catch {
    // Without the driver's own error, whose message may contain the url and its password.
    throw new SessionError("store/unavailable", "The url of the mongodb store is not one the driver accepts");
  }
}
