import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamodbStore } from "../../runtime/src/stores/dynamodb/index.js";
import type { HammerStore } from "./store.js";

export const dynamodb: HammerStore = {
  service: "dynamodb",
  make: ({ url, name }) => within(url, (client) => makeTable(client, name)),
  drop: ({ url, name }) => within(url, (client) => dropTable(client, name)),
  open: ({ url, name }, options) => dynamodbStore({ endpoint: url, table: name, ...options }),
};

async function dropTable(client: DynamoDBClient, name: string): Promise<void> {
  const { DeleteTableCommand } = await import("@aws-sdk/client-dynamodb");
  await client.send(new DeleteTableCommand({ TableName: name }));
}

async function makeTable(client: DynamoDBClient, name: string): Promise<void> {
  const { CreateTableCommand, waitUntilTableExists } = await import("@aws-sdk/client-dynamodb");
  const text = (attribute: string) => ({ AttributeName: attribute, AttributeType: "S" }) as const;
  const hash = (attribute: string) => [{ AttributeName: attribute, KeyType: "HASH" }] as const;
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [text("id"), text("by_label")],
      KeySchema: [...hash("id")],
      GlobalSecondaryIndexes: [
        {
          IndexName: "by_label",
          KeySchema: [...hash("by_label")],
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
      ],
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1 }, { TableName: name });
}

async function within(url: string, use: (client: DynamoDBClient) => Promise<unknown>): Promise<void> {
  const { dynamodbClient } = await import("../../services/dynamodb.js");
  const client = dynamodbClient(url);
  try {
    await use(client);
  } finally {
    client.destroy();
  }
}
