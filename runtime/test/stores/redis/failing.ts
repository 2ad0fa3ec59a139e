import { Redis } from "ioredis";
import { serviceUrl } from "../../../../services/client.js";
import { redisDrivers } from "../../../src/stores/redis/client.js";
import { redisStore } from "../../../src/stores/redis/index.js";
import { type Failing, type FailingCase, fresh, KEY, PASSWORD, writing } from "../shared/failing.js";

const url = await serviceUrl("redis");
const denied = url.replace("//", `//nobody:${PASSWORD}@`);
const gone = `redis://nobody:${PASSWORD}@127.0.0.1:1`;

export const cases: readonly FailingCase[] = redisDrivers
  .filter(() => url !== "")
  .flatMap((driver): readonly FailingCase[] => [
    [`through ${driver}: a key of another type`, () => foreign(driver)],
    [
      `through ${driver}: a wrong password`,
      async () => ({ store: redisStore({ url: denied, driver }), fail: writing }),
    ],
    [
      `through ${driver}: nobody there`,
      async () => ({ store: redisStore({ url: gone, driver }), fail: writing }),
    ],
  ]);

async function foreign(driver: (typeof redisDrivers)[number]): Promise<Failing> {
  const prefix = `${fresh()}:`;
  const admin = new Redis(url);
  await admin.lpush(`${prefix}${KEY}`, "a list");
  admin.disconnect();
  return { store: redisStore({ url, prefix, driver }), fail: (store) => writing(store) };
}
