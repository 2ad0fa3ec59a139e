import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { lmdbStore } from "../../../src/stores/lmdb/index.js";
import { type FailingCase, folder, fresh, writing } from "../shared/failing.js";

export const cases: readonly FailingCase[] = [
  [
    "a folder that is none",
    async () => {
      const path = join(folder, fresh());
      writeFileSync(path, "");
      return { store: lmdbStore({ path }), fail: (store) => writing(store) };
    },
  ],
];
