import type { RedisConnection } from "./connection.js";

/**
 * Errors of scripts that want to touch keys which are not all on one node, or which a server wants
 * to be told of beforehand.
 */
const apart = /CROSSSLOT|non local key|same slot|undeclared key/;

/** Knows whether sessions and the sets they are found through are on nodes of their own. */
export class Placement {
  /** Whether the server turned out to be a cluster behind a client that does not know. */
  #sharded = false;

  /** Tells whether they are, as far as anybody knows. */
  isApart({ cluster }: RedisConnection): boolean {
    return cluster || this.#sharded;
  }

  /** Tells whether an error says so; it is known from then on. */
  turnsOutApart(error: unknown): boolean {
    if (!(error instanceof Error && apart.test(error.message))) return false;
    this.#sharded = true;
    return true;
  }
}
