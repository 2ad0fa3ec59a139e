// Loaded before express-session's tests, in its folder: what it takes for its MemoryStore is a store
// of ours.
const { join } = require("node:path");
const { asExpressStore } = require("@sessgen/runtime/stores/express-store");
const { memoryStore } = require("@sessgen/runtime/stores/memory");

const path = join(process.cwd(), "session/memory.js");
require(path);
const Store = require(join(process.cwd(), "session/store.js"));
require.cache[path].exports = class MemoryStore {
  constructor() {
    // biome-ignore lint/correctness/noConstructorReturn: what is made with `new` is to be of another class
    return asExpressStore(Store, memoryStore());
  }
};
