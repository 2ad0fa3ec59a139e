import { Keyv } from "keyv";
import { keyvStore } from "../../../src/stores/keyv/index.js";
import { type FailingCase, KEY, PAYLOAD, VALUE, writing } from "../shared/failing.js";

export const cases: readonly FailingCase[] = [
  [
    "an adapter that quotes what it was given",
    async () => {
      const map = Object.assign(new Map<string, unknown>(), { opts: {} });
      const set = (key: string, value: unknown) => {
        throw Object.assign(new Error(`${KEY} ${key} ${String(value)}`), {
          code: "EADAPTER",
          command: [KEY, value],
          cause: new AggregateError([new Error(PAYLOAD)], VALUE),
        });
      };
      const store = keyvStore({ keyv: new Keyv({ store: Object.assign(map, { set }) }) });
      return { store, fail: () => writing(store) };
    },
  ],
];
