import { MongoClient } from "mongodb";
import { describe, expect, it } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { runIn } from "../../support/project.js";
import { mongodb as cases } from "../drift/cases/mongodb.js";
import { testDrift, verifier } from "../drift/drift.js";
import { driftFolder, succeeded } from "../drift/folder.js";

const url = await serviceUrl("mongodb");
const database = `drift_${process.pid}`;

describe.skipIf(url === "")("MongoDB", () => {
  testDrift("MongoDB", cases, async () => {
    const client = new MongoClient(url);
    const env = { MONGODB_URL: url };
    const root = await driftFolder(`{ kind: "mongodb", url: env("MONGODB_URL"), database: "${database}" }`);
    return {
      root,
      env,
      async reset() {
        await client.db(database).dropDatabase();
        succeeded(await runIn(root, ["migrate"], { env }));
      },
      change: async (given) => void (await client.db(database).command(JSON.parse(given))),
      async close() {
        await client.db(database).dropDatabase();
        await client.close();
      },
    };
  });

  it("is an address that lets the server answer nothing", async () => {
    const root = await driftFolder(`{ kind: "mongodb", url: env("MONGODB_URL"), database: "${database}_w" }`);
    succeeded(await runIn(root, ["migrate"], { env: { MONGODB_URL: url } }));
    const address = new URL(url);
    address.searchParams.set("w", "0");
    const verify = await verifier({ root, env: { MONGODB_URL: address.href } });
    expect(await verify()).toEqual(["write-concern"]);
    const client = new MongoClient(url);
    await client.db(`${database}_w`).dropDatabase();
    await client.close();
  });
});
