import { join } from "node:path";
import type { CreateTableCommandInput, UpdateTimeToLiveCommandInput } from "@aws-sdk/client-dynamodb";
import { render } from "../../code/render.js";
import type { BackendConfig } from "../../config/values.js";
import { SessgenError } from "../../errors.js";
import type { Target } from "../../live/live.js";
import { tableData } from "./emit.js";

/** The table that the config asks for. */
export interface WantedTable {
  readonly create: CreateTableCommandInput & Required<Pick<CreateTableCommandInput, "KeySchema">>;
  readonly ttlAttribute: string;
  readonly pointInTimeRecovery: boolean;
}

/**
 * Renders what is emitted for DynamoDB's command line, now that all options are known: one
 * template, the user's own if there is one, decides what a table is like.
 */
export async function wantedTable({ config, options, indexes }: Target): Promise<WantedTable> {
  const data = tableData(options as BackendConfig, indexes);
  const overrides = config.templates === undefined ? {} : { overrides: join(config.root, config.templates) };
  const read = async (template: string): Promise<unknown> => {
    const text = await render(template, data, { root: config.root, ...overrides });
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new SessgenError("template/invalid", `${template} does not give JSON`, { cause });
    }
  };
  const create = (await read("dynamodb/create-table.json.hbs")) as WantedTable["create"];
  const ttl = (await read("dynamodb/update-time-to-live.json.hbs")) as UpdateTimeToLiveCommandInput;
  // The emitted files have the name that an ARN ends in.
  const table = options["table"] ?? "sessions";
  return {
    create: { ...create, TableName: String(table) },
    ttlAttribute: ttl.TimeToLiveSpecification?.AttributeName ?? "expires",
    pointInTimeRecovery: options["pointInTimeRecovery"] === true,
  };
}
