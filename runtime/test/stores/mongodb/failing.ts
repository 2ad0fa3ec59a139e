import { MongoClient } from "mongodb";
import { serviceUrl } from "../../../../services/client.js";
import { mongodbStore } from "../../../src/stores/mongodb/index.js";
import { atTheEnd, collide, type Failing, type FailingCase, fresh } from "../shared/failing.js";

const url = await serviceUrl("mongodb");

export const cases: readonly FailingCase[] = url === "" ? [] : [["a value that is there", unique]];

async function unique(): Promise<Failing> {
  const [database, collection] = [fresh(), "sessions"];
  const admin = new MongoClient(url);
  await admin
    .db(database)
    .collection(collection)
    .createIndex({ by_user_id: 1 }, { unique: true, sparse: true });
  atTheEnd(async () => {
    await admin.db(database).dropDatabase();
    await admin.close();
  });
  return { store: mongodbStore({ url, database, collection }), fail: collide };
}
