import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { SessgenError } from "../errors.js";
import {
  type ApplicationEntry,
  enterApplication,
  listedApplications,
  UnreadableList,
} from "./applications.js";
import type { Drift, Target } from "./live.js";
import { withStore } from "./open-store.js";
import { tagOf } from "./own-sessions.js";
import { packageName } from "./package-name.js";

/** Who else uses the store. */
export interface Neighbours {
  /** Applications, realms and kinds whose sessions are others'. */
  readonly others: readonly ApplicationEntry[];
  readonly drifts: readonly Drift[];
}

const NOBODY: Neighbours = { others: [], drifts: [] };

/**
 * Enters the target in the store's list of applications, where it may, and tells who else is in it.
 * A store that cannot be asked is no failure of the command that asks.
 */
export async function neighboursOf(target: Target): Promise<Neighbours> {
  if (target.backend.outOfReach || hasNothingYet(target)) return NOBODY;
  try {
    const names = target.identity();
    const tag = await tagOf(target);
    const name = (await packageName(target.config.root)) ?? "(without a name)";
    return await withStore(target, async (store) => {
      try {
        const known = await enterApplication(store, { tag, ...names, package: name });
        return neighbours(known, tag, name);
      } catch (error) {
        if (error instanceof UnreadableList) throw error;
        // Whoever may not write may read: a replica, or an account that only looks.
        const known = await listedApplications(store);
        const { others, drifts } = neighbours(known, tag, name);
        return {
          others,
          drifts: [
            ...drifts,
            notChecked("This application cannot be entered in the list of the store's applications", error),
          ],
        };
      }
    });
  } catch (error) {
    if (!(error instanceof SessgenError || error instanceof UnreadableList)) throw error;
    return {
      others: [],
      drifts: [notChecked("Which other applications use the store was not looked at", error)],
    };
  }
}

/** Tells how an application is shown to a human. */
export function neighbourText({ package: name, application, realm, name: kind }: ApplicationEntry): string {
  const more = [
    `application ${application}`,
    ...(realm === undefined ? [] : [`realm ${realm}`]),
    ...(kind === undefined ? [] : [`kind ${kind}`]),
  ];
  // Others wrote it: nothing in it may move the cursor.
  return `${name} (${more.join(", ")})`.replace(/\p{Cc}/gu, "?");
}

function neighbours(known: readonly ApplicationEntry[], tag: string, name: string): Neighbours {
  const twins = known.filter((entry) => entry.tag === tag && entry.package !== name);
  return {
    others: known.filter((entry) => entry.tag !== tag),
    drifts: twins.map((entry) => ({
      id: "verify/same-application",
      summary: `The package ${entry.package.replace(/\p{Cc}/gu, "?")} uses the store with the same application id as ${name}: each other's sessions are theirs`,
    })),
  };
}

function notChecked(summary: string, error: unknown): Drift {
  if (error instanceof SessgenError) {
    const { summary: why, fix } = error.envelope;
    return { id: "verify/not-checked", summary: `${summary}: ${why}`, fix };
  }
  const why = error instanceof Error ? error.message : String(error);
  return { id: "verify/not-checked", summary: `${summary}: ${why}` };
}

/**
 * Tells whether the store's file or folder is not there yet: it must not come into being because
 * somebody looks.
 */
export function hasNothingYet({ config, backend, options }: Target): boolean {
  return Object.keys(backend.paths ?? {}).some((name) => {
    const path = options[name];
    return typeof path === "string" && !existsSync(resolve(config.root, path));
  });
}
