import { unstorageStore } from "../../../src/stores/unstorage/index.js";
import { type FailingCase, KEY, PAYLOAD, writing } from "../shared/failing.js";

export const cases: readonly FailingCase[] = [
  [
    "a driver that quotes what it was given",
    async () => {
      const store = unstorageStore({
        storage: {
          getItem: async () => null,
          setItem: async (key, value) => {
            throw new Error(`${KEY} ${key} ${value} ${PAYLOAD}`);
          },
          removeItem: async () => {},
          getKeys: async () => [],
        },
      });
      return { store, fail: () => writing(store) };
    },
  ],
];
