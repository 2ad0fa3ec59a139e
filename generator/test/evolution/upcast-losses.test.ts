import { encryptWith, type SessionStore } from "@sessgen/runtime";
import { memoryStore } from "@sessgen/runtime/stores/memory";
import { redisStore } from "@sessgen/runtime/stores/redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { serviceUrl } from "../../../services/client.js";
import { Client, type Deploy, deploys, formats, removeAll } from "./deploys.js";

const steps = {
  "steps.ts": [
    "export const toNumber = (old: string): number => { if (Number.isNaN(Number(old))) throw new TypeError(old); return Number(old); };",
    "export const toText = (value: number): string => String(value);",
  ].join("\n"),
};
const size = (down: boolean, encrypt = false) => ({
  shape: { size: z.number().optional(), other: z.int().default(0) },
  fields: {
    size: {
      ...(encrypt && { encrypt }),
      upcast: [
        {
          from: z.string(),
          module: "src/steps.ts",
          export: "toNumber",
          ...(down && { down: "toText" }),
        },
      ],
    },
  },
  modules: steps,
});
const before = (encrypt = false) => ({
  shape: { size: z.string().optional(), other: z.int().default(0) },
  ...(encrypt && { fields: { size: { encrypt } } }),
});

let both: Deploy[];
let oneWay: Deploy[];
let sealed: Deploy[];
beforeAll(async () => {
  both = await deploys(before(), size(true));
  oneWay = await deploys(before(), size(false));
  sealed = await deploys(before(true), size(false, true));
});
afterAll(() => removeAll([...both, ...oneWay, ...sealed]));

const set = (value: unknown) => (session: Record<string, unknown>) => {
  session["size"] = value;
};
const seen = (value: unknown) => (session: Record<string, unknown>) => {
  session["size"] ??= value;
};
const of = (all: readonly Deploy[]) => all as [Deploy, Deploy];
const read = async (client: Client, deploy: Deploy) =>
  ((await client.read(deploy)) as Record<string, unknown>)["size"];

describe.each(formats)("an old value that no new one can be made of: %s", (format) => {
  const begun = async () => {
    const client = new Client(format, memoryStore(), { onUnreadable: "quarantine" });
    await client.request(of(both)[0], set("large"));
    return client;
  };

  it("is not replaced by what was made without it, but in the request after", async () => {
    const client = await begun();
    const [older, newer] = of(both);
    await expect(client.request(newer, seen(3))).rejects.toMatchObject({ code: "session/substitute" });
    expect(client.told).toEqual(["size aside", "size refused"]);
    expect(await read(client, older)).toBe("large");
    await client.request(newer, seen(3));
    expect(await read(client, older)).toBe("3");
    expect(client.told.slice(2)).toEqual(["size replaced"]);
  });

  it.each([
    ["assigned without a look", set(4), "4"],
    ["removed", set(undefined), undefined],
    [
      "given up",
      (session: { $reset(field: string): void; size?: unknown }) => {
        session.$reset("size");
        session.size = 5;
      },
      "5",
    ],
  ] as const)("is set aside when it is %s", async (_name, work, want) => {
    const client = await begun();
    const [older, newer] = of(both);
    await client.request(newer, work as never);
    expect(await read(client, older)).toBe(want);
    expect(client.told).toEqual(["size aside", "size replaced"]);
    expect(await client.putBack(older)).toEqual(["put-back"]);
    expect(await read(client, older)).toBe("large");
  });

  it("stays for the older version where there is no way back", async () => {
    const client = new Client(format);
    const [older, newer] = of(oneWay);
    await client.request(older, set("large"));
    await client.request(newer, seen(3));
    expect([await read(client, older), await read(client, newer)]).toEqual(["large", 3]);
    expect(client.told).toEqual([]);
  });
});

/** Who does what, and what either reads then. */
const orders: readonly [string, { given: readonly (readonly [0 | 1, unknown])[]; want: unknown[] }][] = [
  [
    "the older writes and removes",
    {
      given: [
        [1, 1],
        [0, "2"],
        [0, undefined],
      ],
      want: [undefined, undefined],
    },
  ],
  [
    "both wrote, the older removes",
    {
      given: [
        [0, "1"],
        [1, 2],
        [0, undefined],
      ],
      want: [undefined, undefined],
    },
  ],
  [
    "the older writes what was there before",
    {
      given: [
        [0, "1"],
        [1, 2],
        [0, "3"],
        [0, "1"],
      ],
      want: ["1", 1],
    },
  ],
  [
    "the newer writes after a removal",
    {
      given: [
        [1, 1],
        [0, "2"],
        [0, undefined],
        [1, 3],
      ],
      want: [undefined, 3],
    },
  ],
  [
    "the older writes after that",
    {
      given: [
        [1, 1],
        [0, "2"],
        [0, undefined],
        [1, 3],
        [0, "4"],
      ],
      want: ["4", 4],
    },
  ],
  [
    "the newer removes",
    {
      given: [
        [0, "1"],
        [1, 2],
        [0, "3"],
        [1, undefined],
      ],
      want: [undefined, undefined],
    },
  ],
];

const urls = { redis: await serviceUrl("redis") };
const stores: [string, () => Promise<SessionStore>][] = [["memory", async () => memoryStore()]];
if (urls.redis !== "") {
  const prefix = `upcast:${process.pid}:`;
  stores.push(["redis", async () => redisStore({ url: urls.redis, prefix })]);
}

describe.each(stores)("without a way back, on %s", (_name, open) => {
  let store: SessionStore;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.close?.());

  const cases = formats.flatMap((format) =>
    [false, true].flatMap((encrypt) =>
      orders.map(
        ([name, row]) =>
          [`${format}${encrypt ? ", encrypted" : ""}: ${name}`, { format, encrypt, ...row }] as const,
      ),
    ),
  );
  it.each(cases)("%s", async (_case, { format, encrypt, given, want }) => {
    const encryption = encryptWith({ secrets: ["a secret of thirty-two characters"] });
    const client = new Client(format, store, encrypt ? { encryption } : {});
    const all = of(encrypt ? sealed : oneWay);
    for (const [version, value] of given) {
      await client.request(all[version], set(value));
      await client.request(all[1], (session) =>
        Object.assign(session, { other: Number(session["other"]) + 1 }),
      );
    }
    expect([await read(client, all[0]), await read(client, all[1])]).toEqual(want);
  });
});
