import { serviceUrl } from "../../../../services/client.js";
import { memcachedStore } from "../../../src/stores/memcached/index.js";
import { type FailingCase, fresh, KEY, PAYLOAD, write } from "../shared/failing.js";

const servers = await serviceUrl("memcached");

export const cases: readonly FailingCase[] =
  servers === ""
    ? []
    : [
        [
          "an item that is too large",
          async () => ({
            store: memcachedStore({ servers, prefix: fresh() }),
            fail: (store) => store.write(KEY, Buffer.alloc(3_000_000, PAYLOAD), write),
          }),
        ],
      ];
