import type { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { SessionError } from "../../errors.js";

import { timedOut } from "../../time/deadline.js";

/**
 * Tells whether DynamoDB refused a write because its condition did not hold; known by name, as an
 * application's client may have its own SDK.
 */
export function isRefused(error: unknown): error is ConditionalCheckFailedException {
  return error instanceof Error && error.name === "ConditionalCheckFailedException";
}

/** Makes the error of a session that does not fit into an item. */
export function tooLarge(cause?: unknown): SessionError {
  return new SessionError("store/too-large", "The session does not fit into the 400 kB of a DynamoDB item", {
    cause,
  });
}

/**
 * What AWS calls a refusal of the caller, and what the SDK calls not having found any credentials
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html).
 */
const denied = new Set([
  "AccessDeniedException",
  "CredentialsProviderError",
  "ExpiredTokenException",
  "IncompleteSignature",
  "IncompleteSignatureException",
  "InvalidClientTokenId",
  "InvalidSignatureException",
  "MissingAuthenticationToken",
  "MissingAuthenticationTokenException",
  "NotAuthorized",
  "OptInRequired",
  "TokenProviderError",
  "UnrecognizedClientException",
]);

const throttled = new Set([
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "ThrottlingException",
]);

/** Makes of every failure of the SDK or of DynamoDB an error of the runtime. */
export function describe(cause: unknown): SessionError {
  if (cause instanceof SessionError) return cause;
  const { name, message } = cause instanceof Error ? cause : { name: "", message: String(cause) };
  if (name === "AbortError" || name === "TimeoutError") return timedOut("dynamodb", cause);
  if (denied.has(name)) {
    return new SessionError("store/denied", "DynamoDB refuses the credentials, or there are none", { cause });
  }
  if (throttled.has(name)) {
    return new SessionError("store/unavailable", "DynamoDB takes no more requests at the moment", { cause });
  }
  if (name === "ResourceNotFoundException") {
    return new SessionError("store/not-migrated", "DynamoDB has no table of that name in that region", {
      cause,
    });
  }
  if (name === "ValidationException") {
    if (/\bsize\b.*exceeded|exceeds max size/i.test(message)) return tooLarge(cause);
    // The requests are always the same, so it is the table that is otherwise: its name, its key,
    // its indexes.
    return new SessionError("store/not-migrated", "The DynamoDB table has not the form that sessions need", {
      cause,
    });
  }
  if (message === "Region is missing") {
    return new SessionError("store/unavailable", "The dynamodb store knows of no region", { cause });
  }
  return new SessionError("store/unavailable", "DynamoDB could not be reached, or failed", { cause });
}
