import { emitSql } from "../backends/sql/emit.js";
import type { History } from "../backends/sql/history.js";
import type { ToolFolder } from "../backends/sql/layouts/layout.js";
import type { Catalog } from "../config/catalog.js";
import type { ResolvedConfig } from "../config/resolved.js";
import { emitInfrastructure } from "../emit/infrastructure.js";
import { emitJsonSchema } from "../emit/json-schema.js";
import { emitModule } from "../emit/module/index.js";
import { emitTesting } from "../emit/testing.js";
import { emitGlue } from "../frameworks/emit.js";
import type { Lock } from "../lock/lock.js";
import { printLock } from "../lock/text.js";
import type { SessionModel } from "../model/model.js";
import type { Artifact } from "./artifact.js";
import { toJavaScript } from "./javascript.js";

/** All that decides what is emitted. */
export interface PlanInput {
  readonly config: ResolvedConfig;
  /** With the slots of the lock. */
  readonly model: SessionModel;
  readonly lock: Lock;
  /** The migrations there are. */
  readonly history: History;
  /** What is where the tool has its migrations, by dialect. */
  readonly toolFolders: ReadonlyMap<string, ToolFolder>;
  readonly catalog: Catalog;
}

/**
 * Lists every file there should be, in the order in which they are to be written: the lock first,
 * so that no slot is given out twice, whatever happens. No I/O but reading our own code and
 * templates. `generate`, `check`, `--dry-run` and `--watch` share it.
 */
export async function plan(input: PlanInput): Promise<readonly Artifact[]> {
  const { config, model, lock, history, toolFolders, catalog } = input;
  const emitted = await Promise.all([
    emitSql(config, model, history, toolFolders, catalog),
    emitModule(config, model, lock, catalog),
    emitJsonSchema(config),
    emitTesting(config),
    emitGlue(config, catalog),
    emitInfrastructure(config, model, lock.application, catalog),
  ]);
  const files = emitted.flat();
  const written = config.language === "typescript" ? files : toJavaScript(files, config.moduleKind === "esm");
  return [{ path: config.lock, content: printLock(lock), kind: "shared" }, ...written];
}
