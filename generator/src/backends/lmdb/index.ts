import type { Backend } from "../backend.js";
import { kept, options } from "./options.js";

/** LMDB: memory that all processes of one machine share, kept in a folder. */
export const lmdb: Backend = {
  kind: "lmdb",
  options,
  kept,
  first: {
    hint: "a folder, shared by the processes of one machine",
    code: 'kind: "lmdb", path: ".data/sessions"',
    rank: 6,
  },
  store: { module: "@sessgen/runtime/stores/lmdb", factory: "lmdbStore" },
  paths: { path: "found" },
  clients: ["lmdb"],
  limits: [
    "The processes of one machine share it, several machines do not; the folder has to be on a local disk.",
    "Only the user that the application runs as reads the folder: processes that share it run as the same one.",
    "Expired sessions take up room until `sessgen sweep` deletes them; where mapSize or the disk is full, no session begins or grows until then.",
  ],
};
