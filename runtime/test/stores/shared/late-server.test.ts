import { connect, createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { hammerStores } from "../../../../hammer/stores/index.js";
import { makePlace, removePlace } from "../../../../hammer/stores/place.js";
import type { Target } from "../../../../hammer/stores/store.js";
import { serviceUrl } from "../../../../services/client.js";
import { mongodbStore } from "../../../src/stores/mongodb/index.js";
import { postgresStore } from "../../../src/stores/postgres/index.js";
import { redisStore } from "../../../src/stores/redis/index.js";
import type { SessionStore } from "../../../src/stores/store.js";
import { listen } from "../../http/listen.js";
import { byDeadline } from "./by-deadline.js";

type Open = (place: Target) => SessionStore | Promise<SessionStore>;

/** Each with the driver that it takes by itself; the nodes of a cluster name their own addresses. */
const stores = Object.entries(hammerStores).flatMap(([name, { service, open }]) =>
  service === undefined || name === "redis-cluster"
    ? []
    : [[name, { store: name, service, open: open as Open }] as const],
);

const others: readonly (readonly [string, { store: string; service: string; open: Open }])[] = [
  [
    "redis, through node-redis",
    { store: "redis", service: "redis", open: ({ url }) => redisStore({ url, driver: "redis" }) },
  ],
  [
    "postgres, through postgres.js",
    {
      store: "postgres",
      service: "postgres",
      open: ({ url, name }) => postgresStore({ url, table: name, driver: "postgres" }),
    },
  ],
  [
    "mongodb, with a client of the application's own",
    {
      store: "mongodb",
      service: "mongodb",
      open: async ({ url, name }) => {
        const { MongoClient } = await import("mongodb");
        const client = new MongoClient(url, { serverSelectionTimeoutMS: 500 });
        onTestFinished(() => client.close());
        return mongodbStore({ client, database: name });
      },
    },
  ],
];

describe.each([...stores, ...others])("%s", (_name, { store: kind, service, open }) => {
  it("finds a server that comes later than the application", async () => {
    const url = await serviceUrl(service);
    // Without a server the table at the end of `npm test` says so.
    if (url === "") return;
    const place = await makePlace(kind, url);
    onTestFinished(() => removePlace(kind, place));
    const { address, begin } = await later(url);
    const store = await open({ ...place, url: address });
    const read = (): Promise<unknown> =>
      byDeadline(store, 2000, (deadline) => store.read("a", deadline)).catch((error) => error.code);
    for (let attempt = 0; attempt < 2; attempt += 1)
      expect(await read()).toMatch(/^store\/(?:unavailable|timeout)$/);
    begin();
    await expect.poll(read).toBeUndefined();
    await store.close();
  });
});

/** The address of a server that refuses whoever comes before it is to begin. */
async function later(url: string): Promise<{ readonly address: string; readonly begin: () => void }> {
  // Memcached's has no scheme.
  const bare = !url.includes("://");
  const address = new URL(bare ? `tcp://${url}` : url);
  const { hostname, port } = address;
  let begun = false;
  const server = createServer((client) => {
    client.on("error", () => {});
    if (!begun) return void client.destroy();
    const upstream = connect(Number(port), hostname);
    upstream.on("error", () => {}).on("close", () => client.destroy());
    client.on("close", () => upstream.destroy());
    client.pipe(upstream).pipe(client);
  });
  address.hostname = "127.0.0.1";
  address.port = String(await listen(server));
  return {
    address: bare ? address.host : address.href,
    begin: () => {
      begun = true;
    },
  };
}
