import { type IdentityNames, identityOf } from "@sessgen/runtime";
import type { BackendConfig } from "../../config/values.js";
import { type EmitInfrastructure, knownText } from "../shared/infrastructure.js";
import { commandsOf, keyPattern, PREFIX } from "./commands.js";

/**
 * What keys begin with behind the prefix: the tags of the application's, and of what commands note
 * beside them. Where nobody knows the tags, every application with that prefix is let in.
 */
function startsOf(identities: readonly IdentityNames[] | undefined): readonly string[] {
  if (identities === undefined) return [""];
  return [...new Set(identities.map((names) => `${identityOf(names).tag}.`)), "sessgen."];
}

/** The name of the user unless the address has one. */
const USER = "sessions";

/**
 * Emits a user that may do what the store does and nothing else, and the settings of the server
 * that matter.
 */
export const emitRedis: EmitInfrastructure = async ({ options, indexes, identities, folder, render }) => {
  const { nodes, sentinel, prefix } = options;
  const prefixKnown = prefix === undefined || typeof prefix === "string";
  const before = prefixKnown ? keyPattern(knownText(prefix, PREFIX)) : "REPLACE_WITH_PREFIX";
  const data = {
    user: userOf(options),
    keys: startsOf(identities)
      .map((start) => `~${before}${start}*`)
      .join(" "),
    prefixKnown,
    applicationKnown: identities !== undefined,
    commands: commandsOf({ options, indexes })
      .map(({ name }) => `+${name}`)
      .join(" "),
    indexed: indexes.length > 0,
    cluster: nodes !== undefined,
    sentinel: sentinel !== undefined,
    folder,
  };
  return Promise.all(
    ["users.acl", "redis.conf"].map(async (file) => ({
      path: `${folder}/${file}`,
      content: await render(`redis/${file}.hbs`, data),
      kind: "owned" as const,
    })),
  );
};

/** The user in the application's address. `default` is everybody's: to restrict it is not ours. */
function userOf({ client, url, nodes, sentinel }: BackendConfig): string {
  if (client !== undefined) return USER;
  const address = Array.isArray(nodes) ? nodes[0] : url;
  const named =
    sentinel === undefined
      ? typeof address === "string" && URL.canParse(address)
        ? decodeURIComponent(new URL(address).username)
        : ""
      : knownText((sentinel as BackendConfig)["username"], "");
  return named === "default" || !/^[^\s\0]+$/.test(named) ? USER : named;
}
