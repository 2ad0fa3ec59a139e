export { type FakeClock, fakeClock } from "./fake-clock.js";
export { foundKeys } from "./found-keys.js";
export { type StoreFixture, type TestFramework, testStore, type Unsupported } from "./test-store.js";
