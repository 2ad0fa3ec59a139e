export { type FakeClock, fakeClock } from "./fake-clock.js";
export { type StoreFixture, type TestFramework, testStore } from "./test-store.js";
