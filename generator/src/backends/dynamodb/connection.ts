import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SessgenError } from "../../errors.js";
import { importDriver, missingDriver } from "../../live/driver.js";
import type { Target } from "../../live/live.js";

type Sdk = typeof import("@aws-sdk/client-dynamodb");

/**
 * How long DynamoDB may take for an answer, repetitions and the search for credentials included, in
 * milliseconds.
 */
const DEADLINE = 15_000;

/** A client of the user's SDK. */
export interface Connection {
  readonly sdk: Sdk;
  readonly client: DynamoDBClient;
  /**
   * Tells how far DynamoDB's clock is ahead of this machine's, in milliseconds; `undefined` before
   * it answered.
   */
  skew(): number | undefined;
}

/**
 * Connects as the store does, and disconnects after the work.
 * @throws SessgenError `backend/unavailable`, `backend/failed`, `migrate/denied`, `migrate/failed`
 *   without a driver
 */
export async function connected<T>(target: Target, work: (connection: Connection) => Promise<T>): Promise<T> {
  const { region, endpoint } = target.options;
  const sdk = (await importDriver(target.config.root, "@aws-sdk/client-dynamodb")) as Sdk | undefined;
  if (sdk === undefined) throw missingDriver("@aws-sdk/client-dynamodb");
  let client: DynamoDBClient | undefined;
  let breakOff: (() => void) | undefined;
  try {
    client = new sdk.DynamoDBClient({
      ...(region !== undefined && { region: String(region) }),
      ...(endpoint !== undefined && { endpoint: String(endpoint) }),
    });
    giveUpInTime(client);
    breakOff = breakable(client);
    const skew = compareClocks(client);
    return await work({ sdk, client, skew });
  } catch (error) {
    throw failure(error);
  } finally {
    breakOff?.();
    client?.destroy();
  }
}

/**
 * Tells whether an error is one of these of DynamoDB's; by name, as there may be several copies of
 * the SDK.
 */
export function isError(error: unknown, ...names: readonly string[]): error is Error {
  return error instanceof Error && names.includes(error.name);
}

/** Gives the action that AWS did not allow; `undefined` for every other error. */
export function deniedAction(error: unknown): string | undefined {
  if (!isError(error, "AccessDeniedException")) return undefined;
  return /\b(?:dynamodb|kms):\w+/.exec(error.message)?.[0] ?? "that";
}

function giveUpInTime(client: DynamoDBClient): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        const seconds = DEADLINE / 1000;
        timer = setTimeout(() => reject(unreachable(`no answer within ${seconds} seconds`)), DEADLINE);
      });
      try {
        return await Promise.race([next(args), late]);
      } finally {
        clearTimeout(timer);
      }
    },
    { step: "initialize", name: "sessgenDeadline" },
  );
}

/**
 * Lets requests be broken off that nobody waits for any more: the SDK goes on repeating them, and
 * the process does not end.
 */
function breakable(client: DynamoDBClient): () => void {
  const underWay = new Set<AbortController>();
  let broken = false;
  const { requestHandler } = client.config;
  const handle = requestHandler.handle.bind(requestHandler);
  requestHandler.handle = async (request, options) => {
    const controller = new AbortController();
    if (broken) controller.abort();
    underWay.add(controller);
    try {
      return await handle(request, { ...options, abortSignal: controller.signal });
    } finally {
      underWay.delete(controller);
    }
  };
  return () => {
    broken = true;
    for (const controller of underWay) controller.abort();
  };
}

function compareClocks(client: DynamoDBClient): () => number | undefined {
  let least: number | undefined;
  client.middlewareStack.add(
    (next) => async (args) => {
      const sent = Date.now();
      const result = await next(args);
      const { headers } = result.response as { headers?: Readonly<Record<string, string>> };
      // In whole seconds.
      const server = Date.parse(headers?.["date"] ?? "") + 500;
      const skew = server - (sent + Date.now()) / 2;
      // The most exact one is that of the quickest answer; a machine that was busy is no drift.
      if (!Number.isNaN(skew) && (least === undefined || Math.abs(skew) < Math.abs(least))) least = skew;
      return result;
    },
    { step: "deserialize", priority: "low", name: "sessgenClocks" },
  );
  return () => least;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
const refusedCredentials = [
  "ExpiredTokenException",
  "IncompleteSignatureException",
  "InvalidClientTokenId",
  "InvalidSignatureException",
  "MissingAuthenticationTokenException",
  "NotAuthorized",
  "OptInRequired",
  "UnrecognizedClientException",
];

const throttled = ["ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottlingException"];

const logIn =
  "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in with `aws sso login`.";

/** Every failure of the SDK or of DynamoDB as a problem of ours. */
function failure(cause: unknown): SessgenError {
  if (cause instanceof SessgenError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  const unavailable = (summary: string, fix: string): SessgenError =>
    new SessgenError("backend/unavailable", summary, { fix, cause });
  if (isError(cause, "CredentialsProviderError", "TokenProviderError"))
    return unavailable("No AWS credentials were found", logIn);
  if (isError(cause, ...refusedCredentials)) return unavailable("AWS refuses the credentials", logIn);
  if (message === "Region is missing")
    return unavailable("It is not known in which AWS region the table is", "Set `region`, or AWS_REGION.");
  const action = deniedAction(cause);
  if (action !== undefined)
    return new SessgenError("migrate/denied", `AWS does not allow ${action}`, { cause });
  if (isError(cause, ...throttled) || (statusOf(cause) ?? 0) >= 500) {
    const summary = "DynamoDB takes no more requests at the moment";
    return unavailable(summary, "Run it again later: it goes on where it stopped.");
  }
  if (statusOf(cause) === undefined) return unreachable(reason(cause), cause);
  return new SessgenError("backend/failed", `DynamoDB refuses: ${message}`, { cause });
}

/** The status of DynamoDB's answer; `undefined` when the network or the SDK failed. */
function statusOf(error: unknown): number | undefined {
  const { $metadata } = Object(error) as { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode;
}

/** Node's error for a name with several addresses has a code and no message. */
function reason(error: unknown): string {
  const { message, code } = Object(error) as { message?: string; code?: string };
  return message || code || "it hung up";
}

function unreachable(why: string, cause?: unknown): SessgenError {
  return new SessgenError("backend/unavailable", `DynamoDB cannot be reached: ${why}`, { cause });
}
