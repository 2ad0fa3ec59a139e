import { applications } from "./applications.js";
import { conditionalWrites } from "./conditional-writes.js";
import { end } from "./end.js";
import { expiry } from "./expiry.js";
import { indexUpkeep } from "./index-upkeep.js";
import { listing } from "./listing.js";
import { lookup } from "./lookup.js";
import { readsAndWrites } from "./reads-and-writes.js";
import { removal } from "./removal.js";
import { HOUR, type StoreFixture, type Suite, type TestFramework, type Unsupported } from "./suite.js";
import { noSweep, sweep } from "./sweep.js";

/**
 * Gives the conformance suite: what every session store must do. Run it with your test framework on
 * the real backend.
 *
 * @param framework - `{ describe, it }` of vitest, `node:test` or jest
 * @param name - the store's name, for the report
 * @param create - makes a store without sessions, or with a prefix of its own; called once per case
 */
export function testStore(
  { describe, it }: TestFramework,
  name: string,
  create: () => Promise<StoreFixture> | StoreFixture,
  unsupported: Unsupported = {},
): void {
  const suite: Suite = {
    describe,
    test: (title, body) => {
      it(title, async () => {
        const fixture = await create();
        try {
          await body(fixture, fixture.now() + HOUR);
        } finally {
          await fixture.store.close();
        }
      });
    },
    unsupported,
  };
  describe(`${name} as a session store`, () => {
    readsAndWrites(suite);
    conditionalWrites(suite);
    expiry(suite);
    if (unsupported.index === undefined) {
      lookup(suite);
      indexUpkeep(suite);
    }
    removal(suite);
    listing(suite);
    if (unsupported.sweep === undefined) sweep(suite);
    else noSweep(suite, unsupported.sweep);
    applications(suite);
    end(suite);
  });
}
