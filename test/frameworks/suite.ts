import { afterAll, beforeAll, describe, it } from "vitest";
import { type CaseName, cases } from "./cases.js";
import { clientsOf } from "./client.js";
import type { Host, Running } from "./host.js";
import { withoutStore } from "./without-store.js";
import type { World } from "./world.js";

/** Tests a framework's example with every case, one after the other on one running application. */
export function testHost({ name, start, base = "", skips = {} }: Host): void {
  describe(name, () => {
    let running: Running | undefined;
    beforeAll(async () => {
      running = await start();
    });
    afterAll(() => running?.close());

    for (const [title, test] of Object.entries(cases)) {
      const reason = skips[title as CaseName];
      if (reason !== undefined) it.skip(`${title} (${reason})`);
      else
        it(title, async () => {
          if (running === undefined) throw new Error(`${name} is not running`);
          await test(worldOf(running, base));
        });
    }
  });
}

function worldOf({ origin, http2, database }: Running, base: string): World {
  return {
    client: clientsOf(`${origin}${base}`),
    http2: http2 && `${http2}${base}/`,
    withoutStore: (work) => withoutStore(database, work),
  };
}
