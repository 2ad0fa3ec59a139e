import * as sdk from "@aws-sdk/client-dynamodb";
import { describe } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { dynamodbClient } from "../../../../services/dynamodb.js";
import { eventually } from "../../../../services/machine.js";
import { runIn } from "../../support/project.js";
import { dynamodb as cases } from "../drift/cases/dynamodb.js";
import { testDrift } from "../drift/drift.js";
import { driftFolder, succeeded } from "../drift/folder.js";

const url = await serviceUrl("dynamodb");
const TableName = `drift_${process.pid}`;

/** The operations of the cases, each with an input as in AWS's command line. */
const operations: Readonly<Record<string, (client: sdk.DynamoDBClient, input: object) => Promise<unknown>>> =
  {
    DeleteTable: (client, input) => client.send(new sdk.DeleteTableCommand({ TableName, ...input })),
    UpdateTable: (client, input) => client.send(new sdk.UpdateTableCommand({ TableName, ...input })),
    UpdateTimeToLive: (client, input) =>
      client.send(
        new sdk.UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: undefined, ...input }),
      ),
  };

describe.skipIf(url === "")("DynamoDB", () => {
  testDrift("DynamoDB", cases, async () => {
    const client = dynamodbClient(url);
    const env = { AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x" };
    // The SDK reads them, and not what a command is given.
    Object.assign(process.env, env);
    const root = await driftFolder(
      `{ kind: "dynamodb", table: "${TableName}", endpoint: "${url}", deletionProtection: false }`,
    );
    const drop = () => client.send(new sdk.DeleteTableCommand({ TableName })).catch(() => {});
    return {
      root,
      env,
      async reset() {
        await drop();
        succeeded(await runIn(root, ["migrate"], { env }));
      },
      async change(given) {
        const [, name = "", input = ""] = /^(\w+) (.*)$/s.exec(given) ?? [];
        await operations[name]?.(client, JSON.parse(input));
        await eventually(async () => {
          const found = await client.send(new sdk.DescribeTableCommand({ TableName })).catch(() => undefined);
          const indexes = found?.Table?.GlobalSecondaryIndexes ?? [];
          if (indexes.some(({ IndexStatus }) => IndexStatus !== "ACTIVE")) throw new Error("busy");
        });
      },
      async close() {
        await drop();
        client.destroy();
      },
    };
  });
});
