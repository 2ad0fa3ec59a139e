import type { Backend } from "../backend.js";
import { kept, options } from "./options.js";

/** A folder, one file per session. */
export const file: Backend = {
  kind: "file",
  options,
  kept,
  first: { hint: "a folder, one file per session", code: 'kind: "file", directory: ".data/sessions"' },
  store: { module: "@sessgen/runtime/stores/file", factory: "fileStore" },
  paths: { directory: "made" },
  limits: [
    "The processes of one machine share it, several machines do not; the folder has to be on a local disk.",
    "Only the user that the application runs as reads the files: processes that share them run as the same one.",
    "Files of expired sessions stay until `sessgen sweep` deletes them.",
  ],
};
