import { SessgenError } from "../../errors.js";
import type { Live } from "../../live/live.js";
import { connected } from "./connection.js";
import { countTable, listTable } from "./list.js";
import { migrateTable } from "./migrate.js";
import { tableOf } from "./table.js";
import { verifyTable } from "./verify.js";

/** DynamoDB: a table, its time to live and its indexes. */
export const dynamodb: Live = {
  async migrate(target, request) {
    const { direction } = request;
    if (direction === "down" || direction === "baseline")
      throw new SessgenError("migrate/unsupported", `DynamoDB has nothing for --${direction}`, {
        fix:
          direction === "down"
            ? "Change the config and run `npx sessgen migrate`; it says how to delete what is no longer used."
            : "Leave it out: what is there already is recognised.",
      });
    return connected(target, async (connection) => migrateTable(await tableOf(target, connection), request));
  },
  async verify(target) {
    return connected(target, async (connection) => verifyTable(await tableOf(target, connection)));
  },
  async list(target, request) {
    return connected(target, async (connection) => listTable(await tableOf(target, connection), request));
  },
  async count(target) {
    return connected(target, async (connection) => countTable(await tableOf(target, connection)));
  },
};
