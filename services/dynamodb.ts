import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { startContainer } from "./container.js";
import { cacheFolder, eventually, freePort, installPackages, startProgram } from "./machine.js";
import type { Recipe, Running } from "./service.js";

// Only the SDK's warning about Node 20 goes by this
// (https://github.com/aws/aws-sdk-js-v3/issues/7983).
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";

const VERSION = "2.6.1";

/** One database, whatever region and credentials a client has. */
const shared = ["-sharedDb", "-disableTelemetry"];

/** DynamoDB Local, of Maven Central. */
export const dynamodb: Recipe = {
  name: "dynamodb",
  variable: "DYNAMODB_ENDPOINT",
  probe,
  available: () => javaVersion() >= 17 && existsSync(jars()),
  start: () => startLocal(["-inMemory"]),
  startContainer: (engine) =>
    startContainer(engine, `docker.io/amazon/dynamodb-local:${VERSION}`, 8000, {
      command: ["-jar", "DynamoDBLocal.jar", "-inMemory", ...shared],
      url: (port) => `http://127.0.0.1:${port}`,
      probe: probeLocal,
    }),
  install: () => {
    installPackages("openjdk-17-jre-headless", "maven");
    if (!existsSync(jars())) download();
  },
};

/**
 * Starts a server of the tests' own.
 * @param database - `-inMemory`, or `-dbPath` and a folder
 */
export async function startLocal(database: readonly string[], port?: number): Promise<Running> {
  const ownPort = port ?? (await freePort());
  const program = startProgram("java", () => [
    ...[`-Djava.library.path=${jars()}`, "-cp", join(jars(), "*")],
    ...["com.amazonaws.services.dynamodbv2.local.main.ServerRunner", "-port", String(ownPort)],
    ...database,
    ...shared,
  ]);
  const url = `http://127.0.0.1:${ownPort}`;
  try {
    return { ...program, url, version: await Promise.race([probeLocal(url), program.failed]) };
  } catch (error) {
    await program.stop();
    throw error;
  }
}

/**
 * A client for that endpoint. Anything but AWS gets made-up credentials, from the environment,
 * where stores find them too.
 */
export function dynamodbClient(endpoint: string): DynamoDBClient {
  process.env["AWS_REGION"] ??= "eu-west-1";
  if (!new URL(endpoint).hostname.endsWith(".amazonaws.com")) {
    process.env["AWS_ACCESS_KEY_ID"] = "local";
    process.env["AWS_SECRET_ACCESS_KEY"] = "local";
  }
  return new DynamoDBClient({ endpoint });
}

/** Waits until the server answers; it does not say its version, so this is that of the protocol. */
async function probe(url: string): Promise<string> {
  const client = dynamodbClient(url);
  try {
    await eventually(() => client.send(new ListTablesCommand({ Limit: 1 })));
    return `API ${client.config.apiVersion}`;
  } finally {
    client.destroy();
  }
}

async function probeLocal(url: string): Promise<string> {
  await probe(url);
  return `Local ${VERSION}`;
}

/** The major version of the Java on the PATH; 0 without one. */
function javaVersion(): number {
  const said = spawnSync("java", ["-version"], { encoding: "utf8" }).stderr ?? "";
  return Number(/version "(\d+)/.exec(said)?.[1] ?? 0);
}

/** Where the server and all it needs are, once they were downloaded. */
function jars(): string {
  return join(cacheFolder(`dynamodb-local-${VERSION}`), "lib");
}

function download(): void {
  const folder = mkdtempSync(join(jars(), "..", "download-"));
  try {
    const pom = join(folder, "pom.xml");
    writeFileSync(
      pom,
      `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>sessgen</groupId>
  <artifactId>dynamodb-local</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>com.amazonaws</groupId>
      <artifactId>DynamoDBLocal</artifactId>
      <version>${VERSION}</version>
    </dependency>
  </dependencies>
</project>
`,
    );
    const lib = join(folder, "lib");
    execFileSync("mvn", ["-B", "-q", "-f", pom, "dependency:copy-dependencies", `-DoutputDirectory=${lib}`], {
      stdio: "pipe",
    });
    renameSync(lib, jars());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
