import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { z } from "zod";
import { type Lock, newLock } from "../../src/lock/lock.js";
import { printLock, readLock } from "../../src/lock/text.js";
import { updateLock, type Watching } from "../../src/lock/update.js";
import type { FieldPolicy } from "../../src/model/policies/policies.js";
import { buildModel, configOf } from "../model/config.js";
import { application } from "../support/project.js";

/** A folder with a lock, outside of any repository until it is made one. */
export interface Repository {
  readonly folder: string;
  git(...args: string[]): string;
  /** Puts the lock into the folder, reading and printing it as `sessgen` does. */
  generate(
    shape: Record<string, z.ZodType>,
    options?: { readonly watching?: Watching; readonly fields?: Record<string, FieldPolicy> },
  ): Promise<Lock>;
  commit(): void;
}

/** Makes a folder; removed when the test ends. */
export function repository(): Repository {
  const folder = mkdtempSync(join(tmpdir(), "sessgen-generations-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "sessgen.lock.json");
  let lock = newLock(application);
  const git: Repository["git"] = (...args) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...args], {
      cwd: folder,
      encoding: "utf8",
      stdio: "pipe",
    });
  return {
    folder,
    git,
    async generate(shape, { watching, fields = {} } = {}) {
      const { model } = await buildModel(configOf(z.object(shape), { fields }));
      const previous = readLock(printLock(lock), "lock");
      ({ lock } = await updateLock(model, previous, { file: "lock", path, ...(watching && { watching }) }));
      writeFileSync(path, printLock(lock));
      return lock;
    },
    commit() {
      git("add", "--all");
      git("commit", "-qm", "another");
    },
  };
}
