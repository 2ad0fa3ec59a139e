export { type FakeClock, fakeClock } from "./fake-clock.js";
export { foundKeys } from "./found-keys.js";
export type { StoreFixture, TestFramework, Unsupported } from "./suite.js";
export { testStore } from "./test-store.js";
