import type { MongoClient } from "mongodb";
import { mongodbStore } from "../../runtime/src/stores/mongodb/index.js";
import type { HammerStore } from "./store.js";

export const mongodb: HammerStore = {
  service: "mongodb",
  make: ({ url, name }) =>
    within(url, (client) => client.db(name).collection("sessions").createIndex({ by_label: 1 })),
  drop: ({ url, name }) => within(url, (client) => client.db(name).dropDatabase()),
  open: ({ url, name }, options) => mongodbStore({ url, database: name, ...options }),
};

async function within(url: string, use: (client: MongoClient) => Promise<unknown>): Promise<void> {
  const { MongoClient } = await import("mongodb");
  const client = new MongoClient(url);
  try {
    await use(client);
  } finally {
    await client.close();
  }
}
