import { createHash } from "node:crypto";
import type { AttributeValue, QueryInput, UpdateItemInput } from "@aws-sdk/client-dynamodb";
import { SessionError } from "../../errors.js";
import { applicationOf, keyPrefixOf } from "../shared/application.js";
import type { Expectation, IndexValues, StoredSession, Version } from "../store.js";

type Item = Record<string, AttributeValue>;

type Expressions = "ExpressionAttributeNames" | "ExpressionAttributeValues";
type Update = Pick<UpdateItemInput, "UpdateExpression" | "ConditionExpression" | Expressions>;
type Find = Pick<QueryInput, "IndexName" | "KeyConditionExpression" | "ProjectionExpression" | Expressions>;

interface IndexParts {
  readonly set: string[];
  readonly remove: string[];
  readonly names: Record<string, string>;
  readonly values: Item;
}

/** The attributes of a session besides its key, its TTL and what it is found by. */
const PAYLOAD = "payload";
const VERSION = "version";
const EXPIRES_AT = "expires_at";

/**
 * The most bytes of an index value that are kept as they are. DynamoDB takes 2048 in a key, prefix
 * included (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html).
 */
const LONGEST_VALUE = 1024;

/**
 * How sessions lie in a table, and the parts of requests that depend on it. Attributes go by
 * placeholders: no word is reserved.
 */
export class DynamoDBItems {
  readonly #prefix: string;
  readonly #partitionKey: string;
  readonly #ttl: string;

  /** @throws SessionError `store/not-migrated` when two attributes would have the same name */
  constructor(prefix: string, partitionKey: string, ttl: string) {
    const names = [PAYLOAD, VERSION, EXPIRES_AT, partitionKey, ttl];
    if (new Set(names).size < names.length || partitionKey.startsWith("by_") || ttl.startsWith("by_")) {
      throw new SessionError(
        "store/not-migrated",
        "partitionKey and ttlAttribute differ from each other and from payload, version, expires_at and by_…",
      );
    }
    this.#prefix = prefix;
    this.#partitionKey = partitionKey;
    this.#ttl = ttl;
  }

  /** Gives the primary key of a session's item. */
  key(key: string): Item {
    return { [this.#partitionKey]: text(this.#prefix + key) };
  }

  /** Gives the same of an item that an index has named. */
  keyIn(item: Item): Item {
    return { [this.#partitionKey]: item[this.#partitionKey] ?? text("") };
  }

  /** Gives the session in an item; `undefined` for an item that is something else. */
  decode(item: Item | undefined): StoredSession | undefined {
    const payload = item?.[PAYLOAD]?.B;
    const version = item?.[VERSION]?.S;
    const expiresAt = item?.[EXPIRES_AT]?.N;
    if (payload === undefined || version === undefined || expiresAt === undefined) return undefined;
    return { payload, version, expiresAt: Number(expiresAt) };
  }

  /**
   * Writes a session where the expectation holds. An update, not a put: attributes of indexes that
   * are not given stay.
   */
  write(key: string, session: StoredSession, expect: Expectation, index: IndexValues, now: number): Update {
    const by = this.#by(applicationOf(key), index);
    const values: Item = {
      ":payload": { B: session.payload },
      ":version": text(session.version),
      ...this.#expiry(session.expiresAt),
      ...by.values,
    };
    const names: Record<string, string> = {
      "#payload": PAYLOAD,
      "#version": VERSION,
      "#expiresAt": EXPIRES_AT,
      "#ttl": this.#ttl,
      ...by.names,
    };
    const set = ["#payload = :payload", "#version = :version", "#expiresAt = :expiresAt", "#ttl = :ttl"];
    const update = {
      UpdateExpression: expression([...set, ...by.set], by.remove),
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: values,
    };
    if (expect === "any") return update;
    values[":now"] = number(now);
    if (expect === "absent") {
      names["#id"] = this.#partitionKey;
      return { ...update, ConditionExpression: "attribute_not_exists(#id) OR #expiresAt <= :now" };
    }
    values[":expected"] = text(expect);
    return { ...update, ConditionExpression: "#version = :expected AND #expiresAt > :now" };
  }

  /**
   * Lets the session of an item be found by these values, if it is still in that state; `undefined`
   * when it is found by them.
   */
  reindex(item: Item, index: IndexValues): Update | undefined {
    const application = applicationOf(this.keyOf(item) ?? "");
    const wrong = Object.entries(index).filter(
      ([name, value]) =>
        item[attributeOf(name)]?.S !== (value === null ? undefined : this.#indexValue(application, value)),
    );
    if (wrong.length === 0) return undefined;
    const { set, remove, names, values } = this.#by(application, Object.fromEntries(wrong));
    return {
      UpdateExpression: expression(set, remove),
      ConditionExpression: "#version = :expected",
      ExpressionAttributeNames: { ...names, "#version": VERSION },
      ExpressionAttributeValues: { ...values, ":expected": text(item[VERSION]?.S ?? "") },
    };
  }

  /** Moves the expiry of a session that is there, in the state that is expected if any is. */
  touch(expiresAt: number, expect: Version | undefined, now: number): Update {
    const { ConditionExpression, ...condition } = this.remove(expect, now);
    return {
      UpdateExpression: "SET #expiresAt = :expiresAt, #ttl = :ttl",
      ConditionExpression,
      ExpressionAttributeNames: { ...condition.ExpressionAttributeNames, "#ttl": this.#ttl },
      ExpressionAttributeValues: { ...condition.ExpressionAttributeValues, ...this.#expiry(expiresAt) },
    };
  }

  /**
   * Gives the condition for removing a session: that it is there, in the state that is expected if
   * any is.
   */
  remove(expect: Version | undefined, now: number): Omit<Update, "UpdateExpression"> {
    return {
      ConditionExpression: `${expect === undefined ? "attribute_exists(#version)" : "#version = :expected"} AND #expiresAt > :now`,
      ExpressionAttributeNames: { "#expiresAt": EXPIRES_AT, "#version": VERSION },
      ExpressionAttributeValues: {
        ":now": number(now),
        ...(expect !== undefined && { ":expected": text(expect) }),
      },
    };
  }

  /** Asks an index for the keys of the sessions of a value. */
  find(application: string, index: string, value: string): Find {
    return {
      IndexName: attributeOf(index),
      KeyConditionExpression: "#by = :value",
      ProjectionExpression: "#id",
      ExpressionAttributeNames: { "#by": attributeOf(index), "#id": this.#partitionKey },
      ExpressionAttributeValues: { ":value": text(this.#indexValue(application, value)) },
    };
  }

  /** Gives the session's key in an item of an index; `undefined` for one of another prefix. */
  keyOf(item: Item): string | undefined {
    const id = item[this.#partitionKey]?.S;
    return id?.startsWith(this.#prefix) ? id.slice(this.#prefix.length) : undefined;
  }

  /** Tells whether an item, read by its key, has that value. */
  isFoundBy(item: Item, application: string, index: string, value: string): boolean {
    return item[attributeOf(index)]?.S === this.#indexValue(application, value);
  }

  /** The parts of an update after which a session is found by these values. */
  #by(application: string, index: IndexValues): IndexParts {
    const by: IndexParts = { set: [], remove: [], names: {}, values: {} };
    for (const [position, [name, value]] of Object.entries(index).entries()) {
      by.names[`#by${position}`] = attributeOf(name);
      if (value === null) {
        by.remove.push(`#by${position}`);
      } else {
        by.set.push(`#by${position} = :by${position}`);
        by.values[`:by${position}`] = text(this.#indexValue(application, value));
      }
    }
    return by;
  }

  #expiry(expiresAt: number): Item {
    // Rounded up: a TTL in whole seconds must not delete what lives for another half of one.
    return { ":expiresAt": number(expiresAt), ":ttl": number(Math.ceil(expiresAt / 1000)) };
  }

  /**
   * Prefix and tag keep applications that share a table apart, in the index, too; the sign after
   * them keeps DynamoDB from seeing an empty key.
   */
  #indexValue(application: string, value: string): string {
    const own = this.#prefix + keyPrefixOf(application);
    if (Buffer.byteLength(value) <= LONGEST_VALUE) return `${own}=${value}`;
    return `${own}#${createHash("sha256").update(value).digest("hex")}`;
  }
}

/** What an index, and the attribute it is an index of, is called. */
function attributeOf(index: string): string {
  return `by_${index}`;
}

function expression(set: readonly string[], remove: readonly string[]): string {
  const parts = [
    ...(set.length > 0 ? [`SET ${set.join(", ")}`] : []),
    ...(remove.length > 0 ? [`REMOVE ${remove.join(", ")}`] : []),
  ];
  return parts.join(" ");
}

function text(value: string): AttributeValue {
  return { S: value };
}

function number(value: number): AttributeValue {
  return { N: String(value) };
}
