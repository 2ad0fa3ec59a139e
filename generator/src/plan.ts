import type { Artifact } from "./artifact.js";
import type { ResolvedConfig } from "./config/resolved.js";
import { emitGlue } from "./emit/glue/index.js";
import { emitInfrastructure } from "./emit/infrastructure.js";
import { emitJsonSchema } from "./emit/json-schema/index.js";
import { emitModule } from "./emit/module/index.js";
import type { History } from "./emit/sql/history.js";
import { emitSql } from "./emit/sql/index.js";
import type { Lock } from "./lock/lock.js";
import { printLock } from "./lock/text.js";
import type { SessionModel } from "./model/model.js";

/** All that decides what is emitted. */
export interface PlanInput {
  readonly config: ResolvedConfig;
  /** With the slots of the lock. */
  readonly model: SessionModel;
  readonly lock: Lock;
  /** The migrations there are. */
  readonly history: History;
}

/**
 * Every file there should be, in the order in which they are to be written: the lock first, so that no slot is given out
 * twice, whatever happens. No I/O but reading our own code and templates. `generate`, `check`, `--dry-run` and `--watch`
 * share it.
 */
export async function plan(input: PlanInput): Promise<readonly Artifact[]> {
  const { config, model, lock, history } = input;
  const emitted = await Promise.all([
    emitSql(config, model, history),
    emitModule(config, model),
    emitJsonSchema(config),
    emitGlue(config),
    emitInfrastructure(config, model),
  ]);
  return [{ path: config.lock, content: printLock(lock), kind: "shared" }, ...emitted.flat()];
}
