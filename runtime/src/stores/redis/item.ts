import { applicationOf, keyPrefixOf } from "../shared/application.js";
import { termOf } from "../shared/index-terms.js";

/**
 * What sessions and the sets of their indexes are called. An application's all begin with its tag.
 */
export class RedisNames {
  /** What the name of every session begins with. */
  readonly prefix: string;

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  /** Gives a session's. */
  of(key: string): string {
    return this.prefix + key;
  }

  /** Gives what the names of the sets of a session begin with, before the term. */
  setsOf(key: string): string {
    return this.#sets(applicationOf(key));
  }

  /** Gives that of the set of a value. */
  set(application: string, index: string, value: string): string {
    return this.#sets(application) + termOf(index, value);
  }

  #sets(application: string): string {
    return `${this.prefix}${keyPrefixOf(application)}by:`;
  }
}
