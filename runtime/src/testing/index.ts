export { type FakeClock, fakeClock } from "./fake-clock.js";
export { foundKeys } from "./found-keys.js";
export type { StoreFixture, TestFramework, Unsupported } from "./suite.js";
export { type PatchOf, type TestKit, type TestSessionOptions, testKit } from "./test-kit.js";
export type { TestResponse } from "./test-response.js";
export { testStore } from "./test-store.js";
export type { RequestHeaderValues } from "./tokens.js";
