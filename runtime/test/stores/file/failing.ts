import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileStore } from "../../../src/stores/file/index.js";
import { type FailingCase, folder, fresh, writing } from "../shared/failing.js";

export const cases: readonly FailingCase[] = [
  [
    "a folder that is none",
    async () => {
      const directory = join(folder, fresh());
      writeFileSync(directory, "");
      return { store: fileStore({ directory }), fail: (store) => writing(store) };
    },
  ],
];
