import { setTimeout as sleep } from "node:timers/promises";

/** What part of the time work beside traffic may take, unless the command says otherwise. */
const SHARE = 0.5;

/**
 * Makes what does work and pauses behind it, in proportion to how long it took: requests wait no
 * longer where it takes long.
 * @param share - what part of the time may be work, above 0 and at most 1
 */
export function withBreaks(share: number = SHARE): <T>(work: () => Promise<T>) => Promise<T> {
  return async (work) => {
    const begun = performance.now();
    const result = await work();
    const pause = (performance.now() - begun) * (1 / share - 1);
    if (pause >= 1) await sleep(pause);
    return result;
  };
}
