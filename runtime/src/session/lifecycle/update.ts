import type { SessionRecord } from "../../codec/record/record.js";
import { apply } from "../state/apply.js";
import type { Change } from "../state/change.js";
import type { SessionState } from "../state/state.js";
import type { StoredState } from "../state/stored-state.js";
import type { Part, Writing } from "./group.js";
import { inEpoch, refuseRevoked } from "./in-epoch.js";
import { draftOf, isSaved, metOthers, put, required, storedAs, writeMerged } from "./write.js";

/** Saves changes of fields in a session that keeps its id: alone, or with other requests'. */
export class Update implements Part {
  readonly #state: SessionState;
  #changes: readonly Change[];
  /** As the request knew it. */
  readonly #before: StoredState;
  /** The client is to have its cookie again. */
  readonly #repeats: boolean;

  constructor(state: SessionState, changes: readonly Change[]) {
    this.#state = state;
    this.#changes = changes;
    this.#before = required(state);
    this.#repeats = state.changesPermanence || state.asked.resend || state.answer.repeats;
  }

  /**
   * Saves them alone.
   * @param ahead - what another request of this process has stored since
   * @returns what is stored now
   */
  async alone(ahead: StoredState | undefined): Promise<StoredState> {
    const refusing = this.admit();
    if (refusing !== undefined) await refusing;
    const { stored, changes } = await writeMerged(this.#state, this.#changes, ahead);
    this.#changes = changes;
    this.goOn(stored);
    return stored;
  }

  admit(): Promise<void> | undefined {
    return refuseRevoked(this.#state.context, this.#before.record);
  }

  merge(record: SessionRecord, ahead: StoredState): SessionRecord {
    const state = this.#state;
    if (ahead.version !== required(state).version) this.#changes = metOthers(state, ahead, 1, this.#changes);
    return isSaved(state, this.#changes, record) ? record : apply(state, record, this.#changes);
  }

  async write(
    merged: SessionRecord,
    ahead: StoredState,
    { mark, until }: Writing,
  ): Promise<StoredState | undefined> {
    if (merged === ahead.record) return ahead;
    const state = this.#state;
    const record = merged.epoch === undefined ? await inEpoch(state.context, merged) : merged;
    const draft = draftOf(state, ahead, { record, mark, before: ahead });
    const result = await put(state, draft, ahead.version, until);
    return result.ok ? storedAs(draft, result.version) : undefined;
  }

  attempted(ahead: StoredState, mark: number): void {
    const { id, key } = ahead;
    this.#state.pending.attempted({ id, key, before: ahead }, { mark, changes: this.#changes });
  }

  goOn(stored: StoredState): void {
    const state = this.#state;
    state.pending.written();
    state.rebase(stored, this.#changes);
    const endMoved = stored.record.permanent && stored.expiresAt !== this.#before.expiresAt;
    if (this.#repeats || endMoved) state.answer.handOut(stored);
  }
}
