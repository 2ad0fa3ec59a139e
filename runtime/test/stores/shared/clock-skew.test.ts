import { describe, expect, it, onTestFinished } from "vitest";
import { hammerStores } from "../../../../hammer/stores/index.js";
import { makePlace, removePlace } from "../../../../hammer/stores/place.js";
import { serviceUrl } from "../../../../services/client.js";

const MINUTE = 60_000;

/** Stores on servers that have clocks of their own. */
const stores = Object.entries(hammerStores).flatMap(([name, { service, open }]) =>
  service === undefined ? [] : [[name, { service, open }] as const],
);

describe.each(stores)("%s on a server whose clock is five minutes off", (name, { service, open }) => {
  it.each([
    ["behind", 5 * MINUTE],
    ["ahead", -5 * MINUTE],
  ])("keeps to the application's clock: the server is %s", async (_name, skew) => {
    const url = await serviceUrl(service);
    // Without a server the table at the end of `npm test` says so.
    if (url === "") return;
    const place = await makePlace(name, url);
    onTestFinished(() => removePlace(name, place));
    let passed = 0;
    const clock = () => Date.now() + skew + passed;
    const store = open(place, { clock });
    const expiresAt = clock() + 30 * MINUTE;
    const written = await store.write("a", Uint8Array.of(1), { expect: "any", expiresAt });
    expect((await store.read("a"))?.expiresAt).toBe(expiresAt);
    expect(await store.touch("a", clock() + 40 * MINUTE)).toBe("touched");
    passed = 39 * MINUTE;
    expect(await store.read("a")).toBeDefined();
    passed = 41 * MINUTE;
    expect(await store.read("a")).toBeUndefined();
    expect(await store.touch("a", clock() + MINUTE)).toBe("gone");
    const late = { expect: written.ok ? written.version : "", expiresAt: clock() + MINUTE };
    expect((await store.write("a", Uint8Array.of(2), late)).ok).toBe(false);
    expect((await store.write("a", Uint8Array.of(3), { ...late, expect: "absent" })).ok).toBe(true);
    expect(await store.remove("a")).toBe(true);
    await store.close();
  });
});
