import { CreateTableCommand, DeleteTableCommand } from "@aws-sdk/client-dynamodb";
import { dynamodbStore } from "@sessgen/runtime/stores/dynamodb";
import { fakeClock, testStore } from "@sessgen/runtime/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { dynamodbClient } from "../../../../services/dynamodb.js";
import { config, project } from "../../support/project.js";

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

const url = await serviceUrl("dynamodb");
const table = `policy_${process.pid}`;

// DynamoDB Local allows everything, so what is sent is compared with what is allowed.
describe.skipIf(url === "")("the emitted policy of DynamoDB", () => {
  const client = dynamodbClient(url === "" ? "http://127.0.0.1:1" : url);
  const admin = dynamodbClient(url === "" ? "http://127.0.0.1:1" : url);
  const sent = new Set<string>();
  client.middlewareStack.add(
    (next, { commandName = "" }) =>
      (args) => {
        const { TableName, IndexName, RequestItems } = args.input as {
          TableName?: string;
          IndexName?: string;
          RequestItems?: object;
        };
        for (const name of TableName === undefined ? Object.keys(RequestItems ?? {}) : [TableName]) {
          const resource = IndexName === undefined ? name : `${name}/index/${IndexName}`;
          sent.add(`dynamodb:${commandName.replace(/Command$/, "")} table/${resource}`);
        }
        return next(args);
      },
    { step: "initialize" },
  );
  beforeAll(async () => {
    const indexes = ["by_user_id", "by_tenant"];
    await admin.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: ["id", ...indexes].map((name) => ({ AttributeName: name, AttributeType: "S" })),
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        GlobalSecondaryIndexes: indexes.map((name) => ({
          IndexName: name,
          KeySchema: [{ AttributeName: name, KeyType: "HASH" }],
          Projection: { ProjectionType: "KEYS_ONLY" },
        })),
      }),
    );
  });
  afterAll(async () => {
    await admin.send(new DeleteTableCommand({ TableName: table }));
    for (const one of [client, admin]) one.destroy();
  });

  let prefixes = 0;
  testStore(
    { describe, it },
    "dynamodb (what it sends)",
    () => {
      prefixes += 1;
      const clock = fakeClock(Date.now());
      const options = { client, table, clock, prefix: `${prefixes}:` };
      return {
        store: dynamodbStore(options),
        now: clock,
        advance: (milliseconds) => clock.advance(milliseconds),
        another: () => dynamodbStore(options),
      };
    },
    {
      sweep: "DynamoDB deletes expired items itself, up to days later, and the store does not see them",
      large: "an item of DynamoDB has at most 400 kB",
    },
  );

  it("allows all that the store sends, and nothing else", async () => {
    const schema = "user: z.object({ id: z.string() }).optional(), tenant: z.string().optional()";
    const fields = `fields: { "user.id": { index: true }, tenant: { index: true } }`;
    const rest = `${fields}, backend: { kind: "dynamodb", table: "${table}" }`;
    const user = project({ "session.config.ts": config(schema, rest) });
    expect(await user.run()).toMatchObject({ code: 0, err: "" });
    const policy = JSON.parse(user.read("session-infra/dynamodb/policy.json"));
    const allowed = (policy.Statement as Statement[]).flatMap(({ Action, Resource }) =>
      [Action]
        .flat()
        .flatMap((action) =>
          [Resource].flat().map((arn) => `${action} ${arn.replace(/^arn:aws:dynamodb:\*:\*:/, "")}`),
        ),
    );
    expect(allowed.sort()).toEqual([...sent].sort());

    const actions = [...new Set(allowed.map((one) => one.split(" ")[0]))].sort();
    for (const file of ["cloudformation.yaml", "main.tf", "sessions-table.ts"]) {
      const named = user.read(`session-infra/dynamodb/${file}`).match(/\bdynamodb:[A-Z]\w+/g);
      expect([...new Set(named)].sort(), file).toEqual(actions);
    }
  });
});
