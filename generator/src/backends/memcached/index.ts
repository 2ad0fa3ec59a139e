import type { Backend } from "../backend.js";
import { kept, options } from "./options.js";

/** One or several Memcached servers. */
export const memcached: Backend = {
  kind: "memcached",
  options,
  kept,
  first: {
    hint: "a cache: sessions may be lost",
    code: 'kind: "memcached", servers: env("MEMCACHED_SERVERS")',
    variables: { MEMCACHED_SERVERS: "localhost:11211" },
    rank: 7,
  },
  store: { module: "@sessgen/runtime/stores/memcached", factory: "memcachedStore" },
  addresses: ["servers"],
  imports: { client: "client" },
  clients: ["memcache-client", "memjs"],
  room: ({ maxBytes }) => (typeof maxBytes === "number" ? maxBytes : 1024 * 1024 - 1024),
  limits: [
    "A server that runs short of memory evicts sessions before their time: users begin anew, all of them when it evicts the record of the epoch.",
    "What it evicts may be the trace of an id that was changed: a request beside a login may then replace its cookie.",
    "A restart of a server loses its sessions; adding or removing a server loses those whose keys move.",
    "A session takes at most 1 MiB, unless the server was started with a higher limit (-I), and `maxBytes` says so.",
    "A server asks nobody who they are, unless it was told to: let only the application reach its port.",
  ],
  noIndex: "Memcached cannot list keys, so there is no way from a field's value to its sessions.",
};
