import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { serviceUrl } from "../../../../services/client.js";
import { dynamodbStore } from "../../../src/stores/dynamodb/index.js";
import { type Failing, type FailingCase, fresh, writing } from "../shared/failing.js";

const endpoint = await serviceUrl("dynamodb");

export const cases: readonly FailingCase[] = endpoint === "" ? [] : [["a table with another key", otherKey]];

async function otherKey(): Promise<Failing> {
  const table = fresh();
  const admin = new DynamoDBClient({ endpoint });
  await admin.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "other", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "other", KeyType: "HASH" }],
    }),
  );
  admin.destroy();
  return { store: dynamodbStore({ endpoint, table }), fail: (store) => writing(store) };
}
