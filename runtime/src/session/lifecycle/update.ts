import type { SessionRecord } from "../../codec/record/record.js";
import { contended } from "../context/refusals.js";
import { apply } from "../state/apply.js";
import type { Change } from "../state/change.js";
import type { SessionState } from "../state/state.js";
import type { StoredState } from "../state/stored-state.js";
import type { Part, Writing } from "./group.js";
import { inEpoch, refuseRevoked } from "./in-epoch.js";
import { newMark } from "./marks.js";
import {
  attempt,
  attempted,
  currentOf,
  draftOf,
  isSaved,
  metOthers,
  put,
  required,
  storedAs,
} from "./write.js";

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
   * Saves them alone, over what was read; when others wrote first, over theirs.
   * @param ahead - what another request of this process has stored since
   * @returns what is stored now
   */
  async alone(ahead: StoredState | undefined): Promise<StoredState> {
    const refusing = this.admit();
    if (refusing !== undefined) await refusing;
    const state = this.#state;
    let theirs = required(state);
    const mark = newMark();
    const known = ahead ?? attempted(state, theirs);
    if (known !== undefined && known.version !== theirs.version) {
      this.#changes = metOthers(state, known, 1, this.#changes);
      theirs = known;
    }
    for (let count = 1; count <= state.context.maxConflicts + 1; count += 1) {
      const changes = this.#changes;
      if (isSaved(state, changes, theirs.record)) return this.#wentOn(theirs);
      const applied = apply(state, theirs.record, changes);
      const record = applied.epoch === undefined ? await inEpoch(state.context, applied) : applied;
      const draft = draftOf(state, theirs, { record, mark, before: theirs });
      const result = await attempt(state, draft, theirs, { mark, changes });
      if (result.ok) return this.#wentOn(storedAs(draft, result.version));
      theirs = await currentOf(state, theirs, count, result.current);
      this.#changes = metOthers(state, theirs, count, this.#changes);
    }
    throw contended();
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

  #wentOn(stored: StoredState): StoredState {
    this.goOn(stored);
    return stored;
  }

  goOn(stored: StoredState): void {
    const state = this.#state;
    state.pending.written();
    state.rebase(stored, this.#changes);
    const endMoved = stored.record.permanent && stored.expiresAt !== this.#before.expiresAt;
    if (this.#repeats || endMoved) state.answer.handOut(stored);
  }
}
