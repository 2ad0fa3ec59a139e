import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { dynamodbStore } from "@sessgen/runtime/stores/dynamodb";
import { foundKeys } from "@sessgen/runtime/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { dynamodbClient } from "../../../../services/dynamodb.js";
import { has } from "../../../../services/machine.js";
import { npmPackages, pythonTool } from "../../../../services/tools.js";
import { config, project } from "../../support/project.js";

const schema = "user: z.object({ id: z.string() }).optional(), tenant: z.string().optional()";
const files = [
  "cloudformation.yaml",
  "create-table.json",
  "main.tf",
  "policy.json",
  "sessions-table.ts",
  "update-continuous-backups.json",
  "update-time-to-live.json",
];
const key = "arn:aws:kms:eu-west-1:123456789012:key/0f8b6a3e-5c1d-4a51-9d3f-2f1f5a3b7c11";

/** Options that change what is emitted, and a name that each tool's language has to quote. */
const cases: [string, string][] = [
  ["plain", `backend: { kind: "dynamodb" }`],
  [
    "indexed",
    `fields: { "user.id": { index: true }, tenant: { index: "hashed" } }, backend: { kind: "dynamodb", table: env("TABLE"), encryption: "aws-managed" }`,
  ],
  [
    "everything",
    `fields: { "user.id": { index: true } }, backend: { kind: "dynamodb", table: "web.sessions", partitionKey: 'a "\${b}" %{c}', ttlAttribute: "ends", billing: { read: 5, write: 7 }, pointInTimeRecovery: true, deletionProtection: false, region: "eu-west-1", tags: { team: "web", "cost center": "a/b=1" }, encryption: { kmsKeyArn: "${key}" } }`,
  ],
  ["key-from-environment", `backend: { kind: "dynamodb", encryption: { kmsKeyArn: env("KEY_ARN") } }`],
];

async function emitted(options: string) {
  const user = project({ "session.config.ts": config(schema, options) });
  expect(await user.run()).toMatchObject({ code: 0, err: "" });
  return { user, folder: join(user.root, "session-infra/dynamodb") };
}

/** What checkov says of the files of one framework. */
interface Report {
  readonly results: { readonly failed_checks: readonly { check_id: string; file_path: string }[] };
}

describe("the infrastructure of DynamoDB", () => {
  it.each(cases)("is what was reviewed: %s", async (name, options) => {
    const { user } = await emitted(options);
    for (const file of files) {
      await expect(user.read(`session-infra/dynamodb/${file}`)).toMatchFileSnapshot(
        `__snapshots__/${name}/${file}`,
      );
    }
    expect(user.read("src/session/store.ts")).not.toMatch(/billing|encryption|pointInTime|KEY_ARN/);
  });

  it("is CloudFormation to which cfn-lint has no word to say", async ({ skip }) => {
    const cfnLint = pythonTool("cfn-lint", "cfn-lint==1.51.0");
    if (cfnLint === undefined) return skip("there is no Python here");
    const folders = await Promise.all(cases.map(([, options]) => emitted(options)));
    execFileSync(
      cfnLint,
      folders.map(({ folder }) => join(folder, "cloudformation.yaml")),
      { stdio: "pipe" },
    );
  });

  it("leaves checkov no word but of what the options leave out", {
    tags: ["slow"],
  }, async ({ skip }) => {
    const checkov = pythonTool("checkov", "checkov==3.3.30");
    if (checkov === undefined) return skip("there is no Python here, or no PyPI");
    const all = mkdtempSync(join(tmpdir(), "sessgen-checkov-"));
    onTestFinished(() => rmSync(all, { recursive: true, force: true }));
    for (const [name, options] of cases)
      cpSync((await emitted(options)).folder, join(all, name), { recursive: true });
    const args = ["--framework", "cloudformation", "terraform", "--skip-download", "--quiet", "-o", "json"];
    const { stdout } = spawnSync(checkov, ["-d", all, ...args], { encoding: "utf8", maxBuffer: 2 ** 26 });
    const reports: Report[] = [JSON.parse(stdout)].flat();
    const failed = reports.flatMap(({ results }) => results.failed_checks);
    const found = cases.map(([name]) => {
      const own = failed.filter(({ file_path }) => file_path.startsWith(`/${name}/`));
      return [name, [...new Set(own.map(({ check_id }) => check_id))].sort()] as const;
    });
    // Why each is right as it is, docs/backends.md says.
    const [ownKey, backup, scaling] = ["CKV_AWS_119", "CKV_AWS_28", "CKV2_AWS_16"];
    expect(Object.fromEntries(found)).toEqual({
      plain: [ownKey, backup],
      indexed: [ownKey, backup],
      everything: [scaling],
      "key-from-environment": [backup],
    });
  });

  it("is Terraform that python-hcl2 can read", async ({ skip }) => {
    const toJson = pythonTool("hcl2tojson", "python-hcl2==8.1.4");
    if (toJson === undefined) return skip("there is no Python here, or no PyPI");
    for (const [, options] of cases) {
      const { folder } = await emitted(options);
      const text = execFileSync(toJson, [join(folder, "main.tf")], { encoding: "utf8", stdio: "pipe" });
      expect(JSON.parse(text).resource.flatMap(Object.keys).join()).toContain("aws_dynamodb_table");
    }
  });

  it("is Terraform in its own format, and valid where its AWS provider can be had", async ({ skip }) => {
    if (!has("terraform")) return skip("there is no terraform here");
    for (const [, options] of cases) {
      const { folder } = await emitted(options);
      execFileSync("terraform", ["fmt", "-check", "-diff", join(folder, "main.tf")], { stdio: "pipe" });
      const run = (...args: string[]) => spawnSync("terraform", args, { cwd: folder, encoding: "utf8" });
      if (run("init", "-backend=false", "-input=false").status !== 0) continue;
      expect(JSON.parse(run("validate", "-json").stdout)).toMatchObject({ valid: true, diagnostics: [] });
    }
  });

  it("is a construct from which the CDK makes the same table", async () => {
    const packages = npmPackages("cdk-2.276", "aws-cdk-lib@2.276.0", "constructs@10", "tsx@4");
    const copy = mkdtempSync(join(tmpdir(), "sessgen-cdk-"));
    onTestFinished(() => rmSync(copy, { recursive: true, force: true }));
    symlinkSync(join(packages, "node_modules"), join(copy, "node_modules"));
    writeFileSync(join(copy, "package.json"), '{ "type": "module" }');
    const app = [
      `import { App, Stack } from "aws-cdk-lib";`,
      `import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";`,
      "const app = new App();",
    ];
    const folders = new Map<string, string>();
    for (const [name, options] of cases) {
      const { folder } = await emitted(options);
      folders.set(name, folder);
      cpSync(join(folder, "sessions-table.ts"), join(copy, `${name}.ts`));
      const props = options.includes("KEY_ARN") ? `{ kmsKeyArn: "${key}" }` : "{}";
      app.push(
        "{",
        `const { SessionsTable } = await import("./${name}.js");`,
        // A key of one's own binds a table to a region.
        `const stack = new Stack(app, "${name}", { env: { region: "eu-west-1", account: "123456789012" } });`,
        `const role = new Role(stack, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });`,
        `new SessionsTable(stack, "Table", ${props}).grantSessions(role);`,
        "}",
      );
    }
    app.push(
      "console.log(JSON.stringify(app.synth().stacks.map(({ stackName, template }) => [stackName, template])));",
    );
    writeFileSync(join(copy, "app.ts"), app.join("\n"));
    const said = execFileSync(process.execPath, [join(packages, "node_modules/tsx/dist/cli.mjs"), "app.ts"], {
      cwd: copy,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
    const stacks = JSON.parse(said) as [
      string,
      { Resources: Record<string, { Type: string; Properties: object }> },
    ][];
    expect(stacks.map(([name]) => name).sort()).toEqual(cases.map(([name]) => name).sort());
    for (const [name, { Resources }] of stacks) {
      const table = Object.values(Resources).find(({ Type }) => Type === "AWS::DynamoDB::GlobalTable");
      const wanted = readJson(folders.get(name) ?? "", "create-table.json");
      const ttl = readJson(folders.get(name) ?? "", "update-time-to-live.json");
      expect(table?.Properties).toMatchObject({
        KeySchema: wanted.KeySchema,
        AttributeDefinitions: wanted.AttributeDefinitions,
        TimeToLiveSpecification: ttl.TimeToLiveSpecification,
      });
    }
  });
});

const endpoint = await serviceUrl("dynamodb");

describe.skipIf(endpoint === "")("the commands of DynamoDB's command line", () => {
  it.each(cases.slice(0, 3))("make a table that the store works on: %s", async (name, options) => {
    const { folder } = await emitted(options);
    const client = dynamodbClient(endpoint);
    const input = {
      ...readJson(folder, "create-table.json"),
      TableName: `emitted_${name}_${process.pid}`,
      // DynamoDB Local has no KMS.
      SSESpecification: undefined,
    };
    await client.send(new CreateTableCommand(input));
    const ttl = readJson(folder, "update-time-to-live.json");
    await client.send(new UpdateTimeToLiveCommand({ ...ttl, TableName: input.TableName }));
    const described = await client.send(new DescribeTableCommand({ TableName: input.TableName }));
    expect(described.Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName).sort() ?? []).toEqual(
      (input.GlobalSecondaryIndexes ?? []).map(({ IndexName }: { IndexName: string }) => IndexName).sort(),
    );
    const live = await client.send(new DescribeTimeToLiveCommand({ TableName: input.TableName }));
    expect(live.TimeToLiveDescription).toMatchObject({ TimeToLiveStatus: "ENABLED" });
    const store = dynamodbStore({
      client,
      table: input.TableName,
      partitionKey: input.KeySchema[0].AttributeName,
      ttlAttribute: ttl.TimeToLiveSpecification.AttributeName,
    });
    const index = Object.fromEntries(
      (input.GlobalSecondaryIndexes ?? []).map(({ IndexName }: { IndexName: string }) => [
        IndexName.slice(3),
        "x",
      ]),
    );
    await store.write("a", Uint8Array.of(1), { expect: "absent", expiresAt: Date.now() + 60_000, index });
    expect((await store.read("a"))?.payload).toEqual(Uint8Array.of(1));
    for (const [one] of Object.entries(index)) {
      expect(await foundKeys(store, one, "x")).toEqual(["a"]);
    }
    await store.close();
    client.destroy();
  });
});

function readJson(folder: string, file: string) {
  return JSON.parse(readFileSync(join(folder, file), "utf8"));
}
