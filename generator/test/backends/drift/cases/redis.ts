import type { DriftCase } from "../drift.js";

/**
 * `web` is the application's user, as users.acl has it; `{notes}` is what is noted of the
 * application's indexes.
 */
export const redis: readonly DriftCase[] = [
  ["no `maxmemory`", { given: ["CONFIG SET maxmemory 0"], want: ["no-maxmemory"] }],
  ["`noeviction`", { given: ["CONFIG SET maxmemory-policy noeviction"], want: ["eviction-policy"] }],
  ["`allkeys-lru`", { given: ["CONFIG SET maxmemory-policy allkeys-lru"], want: ["eviction-policy"] }],
  [
    "the defaults: no `maxmemory`, and `noeviction`",
    {
      given: ["CONFIG SET maxmemory 0", "CONFIG SET maxmemory-policy noeviction"],
      want: ["eviction-policy", "no-maxmemory"],
    },
  ],
  ["the server made a replica", { given: ["REPLICAOF 127.0.0.1 1"], want: ["read-only"] }],
  ["a full server", { given: ["CONFIG SET maxmemory 1"], want: ["read-only"] }],
  ["a command forbidden", { given: ["ACL SETUSER web -setrange"], want: ["missing-permission"] }],
  [
    "the keys of another prefix",
    { given: ["ACL SETUSER web resetkeys ~other:*"], want: ["missing-permission"] },
  ],
  ["what was noted of the indexes deleted", { given: ["DEL {notes}"], want: ["index-not-final"] }],
  [
    "all deleted but a session from before the index: a refill is pending",
    { given: ["FLUSHALL", "{older}"], want: ["index-not-final"] },
  ],
  ["everything deleted: nobody is logged in", { given: ["FLUSHALL"], want: [] }],
  [
    "writes only with a replica, of which there is none",
    { given: ["CONFIG SET min-replicas-to-write 1"], want: ["read-only"] },
  ],
];
