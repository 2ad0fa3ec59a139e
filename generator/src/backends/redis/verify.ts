import { randomBytes } from "node:crypto";
import { identityOf } from "@sessgen/runtime";
import type { Drift, Target } from "../../live/live.js";
import { commandsOf, keyPattern, prefixOf, type RedisCommand } from "./commands.js";
import { type RedisNode, refusal } from "./connection.js";

/** How far the clocks may be apart, in milliseconds. */
const MAX_SKEW = 5000;

const RECOMMENDED = "volatile-ttl";

/** Compares one server with what the store needs. */
export async function verifyNode(target: Target, node: RedisNode): Promise<readonly Drift[]> {
  const permissions = await checkPermissions(target, node);
  const before = Date.now();
  const info = await readInfo(node);
  const after = Date.now();
  if (info === undefined) {
    const summary = `The user may not send INFO to Redis at ${node.address}: its eviction policy and its clock were not looked at`;
    return [...permissions, { id: "verify/not-checked", summary, fix: "Grant +info." }];
  }
  return [...permissions, ...checkMemory(node, info), ...(await checkClock(node, info, before, after))];
}

/**
 * Sends every command that the store sends, so that it changes nothing. That asks for no further
 * permission, as ACL DRYRUN would, and Redis 6 knows it, too.
 */
async function checkPermissions(target: Target, node: RedisNode): Promise<Drift[]> {
  const { address, replica } = node;
  const { tag } = identityOf(target.identity());
  const start = `${prefixOf(target)}${tag}.`;
  const replies = new Map<RedisCommand, string>();
  for (const command of commandsOf(target)) {
    // Nobody has a session of that name.
    const key = `${start}${randomBytes(16).toString("base64url")}`;
    replies.set(command, await refusalOf(node.send(...command.probe(key))));
  }
  const refused = [...replies].filter(([, reply]) => reply.startsWith("NOPERM"));
  const keys = refused.filter(([, reply]) => /\bkeys?\b/.test(reply));
  const commands = refused.filter((each) => !keys.includes(each)).map(([{ name }]) => name);
  const fix = `Give the user the rule in ${target.config.infrastructure}/redis, in users.acl.`;
  const drifts: Drift[] = [];
  const missing = (what: string): void => {
    drifts.push({
      id: "verify/missing-permission",
      summary: `The user may not ${what} at ${address}`,
      fix,
    });
  };
  if (commands.length > 0) missing(`run ${commands.join(", ")}`);
  if (keys.length > 0) missing(`use the keys ${keyPattern(start)}*`);
  const unwilling = [...replies.values()].find((reply) =>
    /^(?:READONLY|MISCONF|NOREPLICAS|OOM)\b/.test(reply),
  );
  if (unwilling !== undefined && !replica) {
    drifts.push({
      id: "verify/read-only",
      summary: `Redis at ${address} refuses to write: ${unwilling}`,
      fix: unwilling.startsWith("READONLY")
        ? "Give the address of the primary, or of the Sentinels."
        : "Mend what the message names.",
    });
  }
  return drifts;
}

/** What the server has against a command; empty when nothing. */
async function refusalOf(reply: Promise<unknown>): Promise<string> {
  try {
    await reply;
    return "";
  } catch (error) {
    const refused = refusal(error);
    if (refused === undefined) throw error;
    return refused;
  }
}

type Info = ReadonlyMap<string, string>;

/** What the server says of itself; nothing when it may not be asked. */
async function readInfo({ send }: RedisNode): Promise<Info | undefined> {
  try {
    const text = String(await send("INFO"));
    return new Map(
      [...text.matchAll(/^(\w+):(.*?)\r?$/gm)].map(([, name = "", value = ""]) => [name, value]),
    );
  } catch (error) {
    if (refusal(error) === undefined) throw error;
    return undefined;
  }
}

function checkMemory({ address }: RedisNode, info: Info): Drift[] {
  const policy = info.get("maxmemory_policy") ?? "noeviction";
  const limit = Number(info.get("maxmemory") ?? 0);
  const server = `Redis at ${address}`;
  const drifts: Drift[] = [];
  if (limit === 0) {
    drifts.push({
      id: "verify/no-maxmemory",
      summary: `${server} has no limit to its memory: its policy is never applied, and it grows until the system ends it`,
    });
  }
  const choose = `Set maxmemory-policy to ${RECOMMENDED}, which takes the sessions that end soonest`;
  const wrong = policyProblem(policy);
  if (wrong === undefined) return drifts;
  const fix =
    policy === "noeviction"
      ? `${choose}, and watch how full it is; or keep it where no session may be lost, and see to it that there is room.`
      : `${choose}.`;
  const summary = `${server} ${wrong} when its memory is full (${policy})`;
  return [...drifts, { id: "verify/eviction-policy", summary, fix }];
}

/** What is wrong with a policy; nothing with the one that is best. */
function policyProblem(policy: string): string | undefined {
  if (policy === RECOMMENDED) return undefined;
  if (policy === "noeviction") return "refuses to begin or change sessions";
  return policy.startsWith("allkeys-")
    ? "throws any key away, sessions in use and what never ends,"
    : "throws sessions away that would have lasted long";
}

async function checkClock(node: RedisNode, info: Info, before: number, after: number): Promise<Drift[]> {
  const microseconds = info.get("server_time_usec");
  const drift = (skew: number): Drift[] => {
    if (Math.abs(skew) <= MAX_SKEW) return [];
    const seconds = Math.round(Math.abs(skew) / 1000);
    const way = skew > 0 ? "ahead of" : "behind";
    return [
      {
        id: "verify/clock-skew",
        summary: `The clock of Redis at ${node.address} is ${seconds} s ${way} this machine's`,
      },
    ];
  };
  // Somewhere between the question and the answer.
  const apart = (server: number, from: number, to: number): number =>
    server > to ? server - to : Math.min(0, server - from);
  if (microseconds !== undefined) return drift(apart(Number(microseconds) / 1000, before, after));
  // Redis 6.0 does not have it among its INFO.
  const from = Date.now();
  try {
    const [seconds, rest] = (await node.send("TIME")) as [string, string];
    return drift(apart(Number(seconds) * 1000 + Number(rest) / 1000, from, Date.now()));
  } catch (error) {
    if (refusal(error) === undefined) throw error;
    const summary = `The user may not send TIME to Redis at ${node.address}: its clock was not looked at`;
    return [{ id: "verify/not-checked", summary, fix: "Grant +time." }];
  }
}
