import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  GetItemCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { generateId, type IndexValues, identityOf, storeKey } from "@sessgen/runtime";
import { type DynamoDBStoreOptions, dynamodbStore } from "@sessgen/runtime/stores/dynamodb";
import { foundKeys } from "@sessgen/runtime/testing";
import { afterAll, afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { type Fault, startProxy } from "../../../../runtime/test/stores/dynamodb/proxy.js";
import { serviceUrl } from "../../../../services/client.js";
import { dynamodbClient } from "../../../../services/dynamodb.js";
import { eventually } from "../../../../services/machine.js";
import { application, config, type Project, project, runIn } from "../../support/project.js";

const url = await serviceUrl("dynamodb");
const HOUR = 3_600_000;
const schema = "user: z.object({ id: z.string() }).optional(), tenant: z.string().optional()";
const byUser = `fields: { "user.id": { index: true } }`;
const byBoth = `fields: { "user.id": { index: true }, tenant: { index: "hashed" } }`;
const { tag } = identityOf({ application });
let made = 0;

afterEach(() => vi.unstubAllEnvs());

describe.skipIf(url === "")("a live DynamoDB", () => {
  const endpoint = url === "" ? "http://127.0.0.1:1" : url;
  const client = dynamodbClient(endpoint);
  afterAll(() => client.destroy());

  /** The name of a table of the test's own; DynamoDB Local builds indexes slowly when it has many tables. */
  function newTable(): string {
    made += 1;
    const TableName = `live_${process.pid}_${made}`;
    onTestFinished(async () => {
      await client.send(new DeleteTableCommand({ TableName })).catch(() => {});
    });
    return TableName;
  }

  /** A project for a table of its own, with everything generated. */
  async function given(options: { fields?: string; backend?: string; endpoint?: string } = {}) {
    const table = newTable();
    const user = project();
    const change = async (next: { fields?: string; backend?: string; endpoint?: string }) => {
      const { fields = "fields: {}", backend = "" } = next;
      // So that the test can delete it.
      const free = backend.includes("deletionProtection") ? "" : ", deletionProtection: false";
      const rest = `${fields}, backend: { kind: "dynamodb", table: "${table}", endpoint: "${next.endpoint ?? options.endpoint ?? endpoint}"${backend}${free} }`;
      user.write({ "session.config.ts": config(schema, rest) });
      expect(await user.run()).toMatchObject({ code: 0, err: "" });
    };
    await change(options);
    return { user, table, change };
  }

  const make = (TableName: string, more: Partial<CreateTableCommandInput> = {}) =>
    client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        ...more,
      }),
    );
  const index = (name: string, key = name, projection: "ALL" | "KEYS_ONLY" = "KEYS_ONLY") => ({
    IndexName: name,
    KeySchema: [{ AttributeName: key, KeyType: "HASH" as const }],
    Projection: { ProjectionType: projection },
  });
  const texts = (...names: string[]) =>
    names.map((AttributeName) => ({ AttributeName, AttributeType: "S" as const }));
  const live = async (TableName: string) =>
    (await client.send(new DescribeTableCommand({ TableName }))).Table ?? {};
  const switchTtl = (TableName: string, AttributeName: string, Enabled = true) =>
    client.send(
      new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { AttributeName, Enabled } }),
    );

  /** The store as the application has it. */
  function open(table: string, options: DynamoDBStoreOptions = {}) {
    const store = dynamodbStore({ client, table, ...options });
    return {
      /** Stores a session, as an older deploy does when it gives no index; gives back its key. */
      begin: async (
        data: object,
        of: IndexValues | undefined = undefined,
        key = storeKey(generateId(), { application }),
      ) => {
        const payload = Buffer.from(JSON.stringify({ $createdAt: Date.now(), ...data }));
        const times = { expect: "any", expiresAt: Date.now() + HOUR } as const;
        const written = await store.write(key, payload, { ...times, ...(of && { index: of }) });
        expect(written.ok).toBe(true);
        return key;
      },
      find: async (name: string, value: string) => {
        return (await foundKeys(store, name, value, { application: tag })).sort();
      },
      store,
    };
  }

  async function proxied() {
    const proxy = await startProxy(endpoint);
    onTestFinished(() => proxy.close());
    return proxy;
  }
  const denied = (operation: string): Fault => ({
    type: "AccessDeniedException",
    message: `User: arn:aws:iam::123456789012:user/web is not authorized to perform: dynamodb:${operation} on resource: x because no identity-based policy allows the dynamodb:${operation} action`,
  });

  const drift = async (user: Project) => {
    const { code, out } = await user.run("verify", "--json");
    const { drift: found, ...rest } = JSON.parse(out) as { drift: { id: string; summary: string }[] };
    return {
      code,
      ids: found.map(({ id }) => id),
      text: found.map(({ summary }) => summary).join("; "),
      rest,
    };
  };

  describe("migrate", () => {
    it("makes what was emitted, once", async () => {
      const { user, table } = await given({ fields: byBoth });
      expect(await user.run("migrate")).toMatchObject({
        code: 0,
        err: "",
        out: `applied: table ${table}\napplied: time to live on expires\n`,
      });
      const found = await live(table);
      const wanted = JSON.parse(user.read("session-infra/dynamodb/create-table.json"));
      expect(found.KeySchema).toEqual(wanted.KeySchema);
      expect(found.BillingModeSummary?.BillingMode).toBe(wanted.BillingMode);
      expect(new Set(found.AttributeDefinitions)).toEqual(new Set(wanted.AttributeDefinitions));
      const indexes = (found.GlobalSecondaryIndexes ?? []).map(({ IndexName, KeySchema, Projection }) => ({
        IndexName,
        KeySchema,
        Projection,
      }));
      expect(new Set(indexes)).toEqual(new Set(wanted.GlobalSecondaryIndexes));
      expect((await user.run("migrate")).out).toBe("Nothing is pending\n");
      expect((await user.run("migrate", "--after-deploy")).out).toBe("Nothing is pending\n");
      expect(await user.run("verify")).toMatchObject({
        code: 0,
        err: "",
        out: "The backend dynamodb is as it should be\n",
      });
    });

    it("makes it with all that the options ask for", async () => {
      const { user, table } = await given({
        fields: byUser,
        backend: `, partitionKey: "size", ttlAttribute: "ends", billing: { read: 3, write: 4 }`,
      });
      expect(await user.run("migrate")).toMatchObject({ code: 0, err: "" });
      const found = await live(table);
      const units = { ReadCapacityUnits: 3, WriteCapacityUnits: 4 };
      expect(found).toMatchObject({
        KeySchema: [{ AttributeName: "size", KeyType: "HASH" }],
        ProvisionedThroughput: units,
        GlobalSecondaryIndexes: [{ IndexName: "by_user_id", ProvisionedThroughput: units }],
      });
      const ttl = await client.send(new DescribeTimeToLiveCommand({ TableName: table }));
      expect(ttl.TimeToLiveDescription).toMatchObject({ AttributeName: "ends", TimeToLiveStatus: "ENABLED" });
      expect((await drift(user)).ids).toEqual([]);
    });

    it("makes it by the user's own template", async () => {
      const user = project();
      const table = newTable();
      const rest = `templates: "templates", backend: { kind: "dynamodb", table: env("TABLE"), endpoint: env("ENDPOINT") }`;
      user.write({
        "session.config.ts": config(schema, rest),
        "templates/dynamodb/create-table.json.hbs": `{ "TableName": {{string table}}, "DeletionProtectionEnabled": true, "BillingMode": "PAY_PER_REQUEST", "KeySchema": [{ "AttributeName": "id", "KeyType": "HASH" }], "AttributeDefinitions": [{ "AttributeName": "id", "AttributeType": "S" }] }`,
      });
      await user.run();
      const env = { TABLE: table, ENDPOINT: endpoint };
      expect(await runIn(user.root, ["migrate"], { env })).toMatchObject({ code: 0, err: "" });
      expect((await live(table)).DeletionProtectionEnabled).toBe(true);
      expect(await user.run("migrate")).toMatchObject({
        code: 5,
        err: expect.stringContaining("env-missing"),
      });
      user.write({ "templates/dynamodb/create-table.json.hbs": "{" });
      expect(await runIn(user.root, ["migrate"], { env })).toMatchObject({
        code: 3,
        err: expect.stringContaining("[template/invalid]"),
      });
      const undo = { TableName: table, DeletionProtectionEnabled: false };
      await client.send(new UpdateTableCommand(undo));
    });

    it("only says what it would do", async () => {
      const { user, table, change } = await given();
      const would = `Would be applied: table ${table}\nWould be applied: time to live on expires\n`;
      expect((await user.run("migrate", "--dry-run")).out).toBe(would);
      expect((await user.run("migrate", "--status")).out).toBe(
        `pending: table ${table}\npending: time to live on expires\n`,
      );
      await expect(live(table)).rejects.toThrow();
      await user.run("migrate");
      await open(table).begin({ user: { id: "ann" } });
      await change({ fields: byUser });
      expect((await user.run("migrate", "--dry-run")).out).toBe(
        `Would be applied: index by_user_id\nWould be applied: by_user_id of ${table} filled in\n`,
      );
      expect((await live(table)).GlobalSecondaryIndexes).toBeUndefined();
      const { out } = await user.run("migrate", "--status", "--json");
      expect(JSON.parse(out)).toMatchObject({
        migrations: [
          { name: `table ${table}`, state: "applied" },
          { name: "time to live on expires", state: "applied" },
          { name: "index by_user_id", state: "pending" },
          { name: `by_user_id of ${table} filled in`, state: "pending" },
        ],
      });
    });

    it("two at once do no harm", async () => {
      const { user, table, change } = await given();
      const thrice = async () => {
        const runs = await Promise.all(["", "", ""].map(() => user.run("migrate")));
        expect(runs.map(({ code, err }) => [code, err])).toEqual([
          [0, ""],
          [0, ""],
          [0, ""],
        ]);
        return runs.map(({ out }) => out).join("");
      };
      expect(countOf(await thrice(), `applied: table ${table}\n`)).toBe(1);
      await change({ fields: byBoth });
      const said = await thrice();
      // DynamoDB Local may accept the same index twice at once; it makes one.
      expect(said).toContain("applied: index by_user_id\n");
      expect(said).toContain("applied: index by_tenant\n");
      expect((await live(table)).GlobalSecondaryIndexes).toHaveLength(2);
      expect((await user.run("migrate")).out).toBe("Nothing is pending\n");
    });

    it("finishes what a table of others lacks, and leaves the rest to them", async () => {
      const { user, table, change } = await given({
        fields: byUser,
        backend: `, billing: { read: 1, write: 1 }`,
      });
      await make(table, {
        AttributeDefinitions: texts("id", "by_old", "state"),
        GlobalSecondaryIndexes: [index("by_old"), index("state")],
      });
      const { code, out } = await user.run("migrate");
      expect(code).toBe(0);
      expect(out).toContain("applied: index by_user_id\n");
      expect(out).toContain("applied: time to live on expires\n");
      expect(out).toContain(
        `The index by_old is not in the config. Once no deploy uses it: aws dynamodb update-table --table-name ${table} --global-secondary-index-updates '[{"Delete":{"IndexName":"by_old"}}]'\n`,
      );
      expect(out).not.toContain("index state");
      expect(out).toContain("billed as PAY_PER_REQUEST, the config asks for PROVISIONED: left as it is\n");
      const found = await live(table);
      expect(found.BillingModeSummary?.BillingMode).toBe("PAY_PER_REQUEST");
      expect(found.GlobalSecondaryIndexes).toHaveLength(3);
      await change({ backend: `, billing: { read: 1, write: 1 }` });
      expect((await user.run("migrate")).out).toContain("The index by_user_id is not in the config.");
    });

    it("gives a new index of a provisioned table the table's own throughput", async () => {
      const { user, table } = await given({ fields: byUser });
      const units = { ReadCapacityUnits: 2, WriteCapacityUnits: 3 };
      await make(table, { BillingMode: "PROVISIONED", ProvisionedThroughput: units });
      expect((await user.run("migrate")).code).toBe(0);
      expect((await live(table)).GlobalSecondaryIndexes).toMatchObject([{ ProvisionedThroughput: units }]);
    });

    it("moves the time to live to the store's attribute", async () => {
      const { user, table } = await given();
      await make(table);
      await switchTtl(table, "ends");
      const { code, out } = await user.run("migrate");
      expect(code).toBe(0);
      expect(out).toContain("The time to live on ends was switched off");
      expect(out).toContain("applied: time to live on expires\n");
      expect((await drift(user)).ids).toEqual([]);
    });

    it("says what to run later when DynamoDB does not move it at once, as AWS does not", async () => {
      const proxy = await proxied();
      const { user, table } = await given({ endpoint: proxy.url });
      await make(table);
      await switchTtl(table, "ends");
      proxy.refuse = (operation, input) =>
        operation === "UpdateTimeToLive" && JSON.stringify(input).includes('"Enabled":true')
          ? {
              type: "ValidationException",
              message: "Time to live has been modified multiple times within a fixed interval",
            }
          : undefined;
      const { code, out } = await user.run("migrate");
      expect(code).toBe(0);
      expect(out).toContain("run `npx sessgen migrate` again then, for the time to live on expires\n");
      expect(out).toContain("pending: time to live on expires\n");
      expect((await drift(user)).ids).toEqual(["verify/ttl-off"]);
      delete proxy.refuse;
      expect((await user.run("migrate")).out).toBe("applied: time to live on expires\n");
    });

    it("does not replace an index that has another form", async () => {
      const { user, table } = await given({ fields: byUser });
      await make(table, {
        AttributeDefinitions: texts("id", "user"),
        GlobalSecondaryIndexes: [index("by_user_id", "user")],
      });
      const { code, out } = await user.run("migrate");
      expect(code).toBe(0);
      expect(out).toContain('The index by_user_id has the key "user" (S) instead of "by_user_id" (S)');
      expect(out).toContain(`--table-name ${table} --global-secondary-index-updates '[{"Delete"`);
      expect(out).toContain("pending: index by_user_id\n");
      expect((await live(table)).GlobalSecondaryIndexes).toHaveLength(1);
    });

    it("cannot change a key", async () => {
      const { user, table } = await given();
      await make(table, {
        AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "N" }],
        KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      });
      for (const flag of [[], ["--status"], ["--dry-run"]]) {
        const { code, err } = await user.run("migrate", ...flag);
        expect(code).toBe(3);
        expect(err).toContain(
          `The table ${table} has the key "pk" (N) instead of "id" (S) [migrate/unsupported-change]`,
        );
      }
    });

    it("does all but what DynamoDB Local does not know", async () => {
      const { user, table } = await given({ backend: ", pointInTimeRecovery: true" });
      const { code, err } = await user.run("migrate");
      expect(code).toBe(5);
      expect(err).toContain("This DynamoDB knows no point-in-time recovery [backend/failed]");
      expect((await live(table)).TableStatus).toBe("ACTIVE");
      expect((await user.run("migrate", "--status")).out).toContain("pending: point-in-time recovery\n");
      // A warning: sessions are kept all the same.
      expect(await drift(user)).toMatchObject({ code: 0, ids: ["verify/table-settings"] });
    });

    it.each(["--down", "--baseline"])("has nothing for %s", async (flag) => {
      const { user } = await given();
      expect(await user.run("migrate", flag)).toMatchObject({
        code: 2,
        err: expect.stringContaining("[migrate/unsupported]"),
      });
    });
  });

  describe("filling in an index", () => {
    it("lets sessions be found that were stored before", async () => {
      const { user, table, change } = await given();
      await user.run("migrate");
      const { begin, find, store } = open(table);
      const ann = [
        await begin({ user: { id: "ann" } }),
        await begin({ user: { id: "ann" }, tenant: "t" }),
      ].sort();
      const visitor = await begin({});
      await store.write(storeKey("unreadable", { application }), Uint8Array.of(1), {
        expect: "any",
        expiresAt: Date.now() + HOUR,
      });
      await store.write(storeKey("expired", { application }), Buffer.from('{"user":{"id":"ann"}}'), {
        expect: "any",
        expiresAt: Date.now() + 1,
      });
      const before = await store.read(ann[0] ?? "");
      await change({ fields: byUser });
      const { code, out } = await user.run("migrate");
      expect(code).toBe(0);
      // DynamoDB may have deleted the expired one by now.
      expect(out).toMatch(/ filled in: 2 of [45] sessions, 1 cannot be read\n/);
      expect(out).toContain(`applied: index by_user_id\napplied: by_user_id of ${table} filled in\n`);
      await eventually(async () => expect(await find("user_id", "ann")).toEqual(ann));
      expect(await store.read(ann[0] ?? "")).toEqual(before);
      expect(await store.read(visitor)).toBeDefined();
      expect((await user.run("migrate")).out).toBe("Nothing is pending\n");
      expect(await drift(user)).toMatchObject({ code: 0, ids: ["verify/index-not-final"] });
    });

    it("looks once more after the deploy, for what an older one wrote", async () => {
      const { user, table, change } = await given();
      await user.run("migrate");
      await change({ fields: byUser });
      await user.run("migrate");
      const { begin, find } = open(table);
      const key = await begin({ user: { id: "bob" } });
      expect(await drift(user)).toMatchObject({
        code: 0,
        ids: ["verify/index-not-final"],
        text: "The index on user.id is not filled in: it lacks sessions that were stored before it",
      });
      expect((await user.run("migrate", "--after-deploy")).out).toContain("filled in: 1 of 1 sessions\n");
      await eventually(async () => expect(await find("user_id", "bob")).toEqual([key]));
      expect((await user.run("migrate", "--after-deploy")).out).toBe("Nothing is pending\n");
    });

    it("replaces what was written for another form of the index", async () => {
      const { user, table, change } = await given({ fields: `fields: { tenant: { index: true } }` });
      await user.run("migrate");
      const { begin, store } = open(table);
      const key = await begin({ tenant: "t" }, { tenant: "t" });
      await change({ fields: `fields: { tenant: { index: "hashed" } }` });
      expect((await user.run("migrate")).out).toContain("filled in: 1 of 1 sessions\n");
      const item = await client.send(new GetItemCommand({ TableName: table, Key: { id: { S: key } } }));
      expect(item.Item?.["by_tenant"]?.S).toMatch(new RegExp(`^${tag}\\.=[\\w-]{43}$`));
      // Gone from the config for a while, an index misses what was stored in that time.
      await change({});
      await user.run("migrate");
      await store.write(key, Buffer.from('{"tenant":"other"}'), {
        expect: "any",
        expiresAt: Date.now() + HOUR,
      });
      await change({ fields: `fields: { tenant: { index: "hashed" } }` });
      expect((await user.run("migrate")).out).toContain("filled in: 1 of 1 sessions\n");
    });

    it("leaves sessions of other applications alone that share the table", async () => {
      const { user, table, change } = await given();
      await user.run("migrate");
      const [ours, theirs] = [open(table), open(table, { prefix: "their:" })];
      const key = await ours.begin({ user: { id: "ann" } });
      await theirs.begin({ user: { id: "ann" } }, { user_id: "ann" });
      await change({ fields: byUser });
      expect((await user.run("migrate")).out).toContain("filled in: 1 of 1 sessions\n");
      await eventually(async () => {
        expect(await ours.find("user_id", "ann")).toEqual([key]);
        expect(await theirs.find("user_id", "ann")).toHaveLength(1);
      });
    });

    it("goes on where it was interrupted", async () => {
      const proxy = await proxied();
      const { user, table, change } = await given({ endpoint: proxy.url });
      await user.run("migrate");
      const { begin, find } = open(table);
      const keys = await Promise.all(Array.from({ length: 1300 }, () => begin({ user: { id: "ann" } })));
      await change({ fields: byUser });
      let scans = 0;
      proxy.refuse = (operation) => {
        if (operation === "Scan") scans += 1;
        // The first one looks whether there are sessions at all, as nobody has begun any in the usual way.
        return scans > 3 ? denied("Scan") : undefined;
      };
      expect(await user.run("migrate")).toMatchObject({
        code: 5,
        err: expect.stringContaining("AWS does not allow dynamodb:Scan [migrate/denied]"),
      });
      delete proxy.refuse;
      proxy.requests.length = 0;
      // Among the first 1000 items are what is noted, and the list of applications.
      expect((await user.run("migrate")).out).toMatch(/filled in: (30[012]) of \1 sessions\n/);
      const scanned = proxy.requests.filter(({ operation }) => operation === "Scan");
      expect(scanned[1]?.input["ExclusiveStartKey"]).toBeDefined();
      await eventually(async () => expect(await find("user_id", "ann")).toEqual(keys.sort()));
    });

    it("is no obstacle to requests, nor they to it", async () => {
      const { user, table } = await given({ fields: byUser });
      // DynamoDB Local fails now and then when it is written to while it builds an index.
      await make(table, {
        AttributeDefinitions: texts("id", "by_user_id"),
        GlobalSecondaryIndexes: [index("by_user_id")],
      });
      const { begin, find, store } = open(table);
      const keys = await Promise.all(Array.from({ length: 60 }, () => begin({ user: { id: "first" } })));
      let stop = false;
      const removed = new Set<string>();
      const traffic = keys.map(async (key, position) => {
        for (let round = 0; !stop; round += 1) {
          const value = `${position}-${round % 3}`;
          // One in three is an older deploy.
          const old = round % 3 === 0;
          if (position % 10 === 9) {
            await store.remove(key);
            removed.add(key);
            return;
          }
          await begin({ user: { id: value } }, old ? undefined : { user_id: value }, key);
        }
      });
      const run = await user.run("migrate");
      stop = true;
      await Promise.all(traffic);
      expect(run).toMatchObject({ code: 0, err: "" });
      expect((await user.run("migrate", "--after-deploy")).code).toBe(0);
      for (const key of keys) {
        const stored = await store.read(key);
        if (removed.has(key)) {
          expect(stored).toBeUndefined();
          continue;
        }
        const { user: one } = JSON.parse(Buffer.from(stored?.payload ?? []).toString());
        await eventually(async () => expect(await find("user_id", one.id)).toEqual([key]));
      }
    });

    it("needs the emitted module", async () => {
      const { user, table, change } = await given();
      await user.run("migrate");
      await open(table).begin({ user: { id: "ann" } });
      await change({ fields: byUser });
      user.write({ "src/session/fields.ts": "export const fields = [];\n" });
      const { code, err } = await user.run("migrate");
      expect(code).toBe(5);
      expect(err).toContain("does not know the index on user.id");
      expect((await user.run("migrate", "--status")).out).toContain("applied: index by_user_id\n");
    });
  });

  describe("verify", () => {
    it.each<
      [
        string,
        {
          fields?: string;
          more?: Partial<CreateTableCommandInput>;
          ttl?: string;
          want: string[];
          text: string;
        },
      ]
    >([
      [
        "another name of the key",
        {
          more: { AttributeDefinitions: texts("pk"), KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }] },
          ttl: "expires",
          want: ["verify/column-type"],
          text: 'has the key "pk" (S) instead of "id" (S)',
        },
      ],
      [
        "another type of the key",
        {
          more: { AttributeDefinitions: [{ AttributeName: "id", AttributeType: "B" }] },
          ttl: "expires",
          want: ["verify/column-type"],
          text: 'has the key "id" (B) instead of "id" (S)',
        },
      ],
      [
        "a sort key",
        {
          more: {
            AttributeDefinitions: texts("id", "part"),
            KeySchema: [
              { AttributeName: "id", KeyType: "HASH" },
              { AttributeName: "part", KeyType: "RANGE" },
            ],
          },
          ttl: "expires",
          want: ["verify/column-type"],
          text: 'has the key "id" (S) and "part" (S, sort key)',
        },
      ],
      [
        "no index",
        { fields: byUser, ttl: "expires", want: ["verify/missing-index"], text: "no index by_user_id" },
      ],
      [
        "an index with another key",
        {
          fields: byUser,
          more: {
            AttributeDefinitions: texts("id", "user"),
            GlobalSecondaryIndexes: [index("by_user_id", "user")],
          },
          ttl: "expires",
          want: ["verify/missing-index"],
          text: 'has the key "user" (S) instead of "by_user_id" (S)',
        },
      ],
      [
        "an index with another projection",
        {
          fields: byUser,
          more: {
            AttributeDefinitions: texts("id", "by_user_id"),
            GlobalSecondaryIndexes: [index("by_user_id", "by_user_id", "ALL")],
          },
          ttl: "expires",
          want: ["verify/missing-index"],
          text: "has the projection ALL instead of KEYS_ONLY",
        },
      ],
      ["no time to live", { want: ["verify/ttl-off"], text: "is off" }],
      [
        "the time to live on another attribute",
        { ttl: "ends", want: ["verify/ttl-wrong-attribute"], text: "goes by ends, the store writes expires" },
      ],
      [
        "two things at once",
        { fields: byUser, want: ["verify/missing-index", "verify/ttl-off"], text: "no index by_user_id" },
      ],
    ])("finds %s", async (_, { fields, more, ttl, want, text }) => {
      const { user, table } = await given(fields === undefined ? {} : { fields });
      await make(table, more);
      if (ttl !== undefined) await switchTtl(table, ttl);
      const before = await live(table);
      const found = await drift(user);
      expect(found).toMatchObject({ code: 6, ids: want });
      expect(found.text).toContain(text);
      const { err } = await user.run("verify");
      for (const id of want) expect(err).toContain(`[${id}]`);
      expect(await live(table)).toEqual(before);
    });

    it("finds no table", async () => {
      const { user, table } = await given();
      expect(await drift(user)).toMatchObject({
        code: 6,
        ids: ["verify/missing-table"],
        text: `There is no table ${table}`,
      });
      await expect(live(table)).rejects.toThrow();
    });

    it("finds other settings, which are a warning", async () => {
      const { user, table } = await given({
        backend: `, billing: { read: 1, write: 1 }, encryption: "aws-managed"`,
      });
      await make(table);
      await switchTtl(table, "expires");
      const found = await drift(user);
      expect(found).toMatchObject({ code: 0, ids: ["verify/table-settings", "verify/table-settings"] });
      expect(found.text).toBe(
        "The table is billed as PAY_PER_REQUEST, the config asks for PROVISIONED; The table is encrypted with the key that AWS owns, the config asks for the key that AWS manages",
      );
    });

    it.each(["GetItem", "UpdateItem", "DeleteItem", "Query", "DescribeTimeToLive", "DescribeTable"])(
      "finds %s not allowed",
      async (action) => {
        const proxy = await proxied();
        const { user } = await given({ fields: byUser, endpoint: proxy.url });
        await user.run("migrate");
        proxy.refuse = (operation) => (operation === action ? denied(operation) : undefined);
        expect(await drift(user)).toMatchObject({
          code: 6,
          ids: ["verify/missing-permission"],
          text: `AWS does not allow dynamodb:${action}`,
        });
        // Looking at some sessions is no need of the application's.
        proxy.refuse = (operation) => (operation === "Scan" ? denied(operation) : undefined);
        expect(await drift(user)).toMatchObject({ code: 0, ids: [] });
      },
    );

    it("finds the server's clock to be another one", async () => {
      const proxy = await proxied();
      const { user } = await given({ endpoint: proxy.url });
      await user.run("migrate");
      for (const [ahead, text] of [
        [60_000, "ahead of"],
        [-60_000, "behind"],
      ] as const) {
        proxy.ahead = ahead;
        const found = await drift(user);
        expect(found).toMatchObject({ code: 0, ids: ["verify/clock-skew"] });
        // To the second: a header has no more, and a busy machine takes its time to look at it.
        const about = new RegExp(`^The clock of DynamoDB is (5[7-9]|6[0-3]) seconds ${text} this machine's$`);
        expect(found.text).toMatch(about);
      }
      proxy.ahead = 2_000;
      expect((await drift(user)).ids).toEqual([]);
    });

    it("changes nothing", async () => {
      const proxy = await proxied();
      const { user, table } = await given({ fields: byUser, endpoint: proxy.url });
      await user.run("migrate");
      await open(table).begin({ user: { id: "ann" } });
      proxy.requests.length = 0;
      await user.run("verify");
      const writes = proxy.requests.filter(({ operation }) => /^(Create|Put|Update|Delete)/.test(operation));
      // What tries the permissions is refused by its condition.
      expect(writes).not.toEqual([]);
      for (const { input } of writes)
        expect(input["ConditionExpression"]).toMatch(/^attribute_exists\(#version\)/);
    });
  });

  describe.each(["migrate", "verify"])("%s without DynamoDB", (command) => {
    const fails = async (text: string, address?: string) => {
      const { user } = await given(address === undefined ? {} : { endpoint: address });
      const { code, err } = await user.run(command);
      expect(err).toContain(text);
      expect(err).toContain("[backend/unavailable]");
      expect(err).not.toMatch(/^\s+at /m);
      expect(code).toBe(5);
    };

    it("says that nobody is there", () => fails("ECONNREFUSED", "http://127.0.0.1:1"));

    it("says that an address is none", () => fails("DynamoDB cannot be reached", "nonsense"));

    it("says that credentials are missing", async () => {
      for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"])
        vi.stubEnv(name, undefined);
      vi.stubEnv("AWS_CONFIG_FILE", "/dev/null");
      vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
      vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
      await fails("No AWS credentials were found");
    });

    it("says that the region is missing", async () => {
      vi.stubEnv("AWS_REGION", undefined);
      vi.stubEnv("AWS_CONFIG_FILE", "/dev/null");
      await fails("It is not known in which AWS region the table is");
    });

    it("says that credentials are refused", async () => {
      const proxy = await proxied();
      const message = "The security token included in the request is invalid.";
      proxy.refuse = () => ({ type: "UnrecognizedClientException", message });
      await fails("AWS refuses the credentials", proxy.url);
    });

    it("says that it takes no more requests", async () => {
      const proxy = await proxied();
      proxy.refuse = () => "throttled";
      await fails("DynamoDB takes no more requests", proxy.url);
    });
  });

  it("gives up on a server that does not answer, and leaves no request behind", async () => {
    const closed: Promise<unknown>[] = [];
    const silent = createServer((socket) => closed.push(once(socket.resume(), "close")));
    await once(silent.listen(0, "127.0.0.1"), "listening");
    onTestFinished(() => void silent.close());
    const { user } = await given({ endpoint: `http://127.0.0.1:${(silent.address() as AddressInfo).port}` });
    expect(await user.run("verify")).toMatchObject({
      code: 5,
      err: expect.stringContaining("no answer within 15 seconds [backend/unavailable]"),
    });
    expect(closed).toHaveLength(1);
    await Promise.all(closed);
  });

  it("passes on what DynamoDB says about a change that it refuses", async () => {
    const proxy = await proxied();
    const { user, table, change } = await given({ endpoint: proxy.url });
    await user.run("migrate");
    await change({ fields: byUser });
    proxy.refuse = (operation) =>
      operation === "UpdateTable"
        ? {
            type: "ValidationException",
            message: "One or more parameter values were invalid: limits exceeded",
          }
        : undefined;
    expect(await user.run("migrate")).toMatchObject({
      code: 5,
      err: expect.stringContaining("invalid: limits exceeded [backend/failed]"),
    });
    proxy.refuse = (operation) => (operation === "UpdateTable" ? denied(operation) : undefined);
    expect((await user.run("migrate")).err).toContain(
      "AWS does not allow dynamodb:UpdateTable [migrate/denied]",
    );
    expect((await live(table)).GlobalSecondaryIndexes).toBeUndefined();
  });
});

function countOf(text: string, part: string): number {
  return text.split(part).length - 1;
}
