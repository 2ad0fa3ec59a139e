import type { DriftCase } from "../drift.js";

/** Each is a command of the database. */
export const mongodb: readonly DriftCase[] = [
  ["the collection dropped", { given: ['{ "drop": "sessions" }'], want: ["missing-table"] }],
  [
    "the TTL index dropped",
    { given: ['{ "dropIndexes": "sessions", "index": "expiresAt_1" }'], want: ["ttl-off"] },
  ],
  [
    "a TTL index of a day later",
    {
      given: [
        '{ "dropIndexes": "sessions", "index": "expiresAt_1" }',
        '{ "createIndexes": "sessions", "indexes": [{ "key": { "expiresAt": 1 }, "name": "late", "expireAfterSeconds": 86400 }] }',
      ],
      want: ["ttl-wrong-attribute"],
    },
  ],
  [
    "an index dropped",
    { given: ['{ "dropIndexes": "sessions", "index": "by_user_id" }'], want: ["missing-index"] },
  ],
  [
    "a unique index on what sessions are found by",
    {
      given: [
        '{ "dropIndexes": "sessions", "index": "by_user_id" }',
        '{ "createIndexes": "sessions", "indexes": [{ "key": { "by_user_id": 1 }, "name": "one", "unique": true, "sparse": true }] }',
      ],
      want: ["missing-index", "unique-index"],
    },
  ],
  [
    "another unique index",
    {
      given: [
        '{ "createIndexes": "sessions", "indexes": [{ "key": { "by_user_id": 1, "_id": 1 }, "name": "both", "unique": true }] }',
      ],
      want: [],
    },
  ],
  [
    "the validator switched off",
    {
      given: ['{ "collMod": "sessions", "validator": {}, "validationLevel": "off" }'],
      want: ["missing-validator"],
    },
  ],
  [
    "a validator of somebody else's",
    {
      given: ['{ "collMod": "sessions", "validator": { "$jsonSchema": { "required": ["tenant"] } } }'],
      want: ["missing-validator"],
    },
  ],
  [
    "a TTL index on the version, too",
    {
      given: [
        '{ "createIndexes": "sessions", "indexes": [{ "key": { "version": 1 }, "name": "v", "expireAfterSeconds": 60 }] }',
      ],
      want: [],
    },
  ],
];
