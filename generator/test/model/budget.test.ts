import { expect, it } from "vitest";
import { z } from "zod";
import { cookieStore } from "../../../runtime/src/transports/carrier.js";
import { setup, visit } from "../../../runtime/test/session/support/fixture.js";
import type { BackendConfig } from "../../src/config/values.js";
import { SessgenErrors } from "../../src/errors.js";
import { buildModel, configOf } from "./config.js";

const cookie: BackendConfig = { kind: "cookie", secrets: [{ $env: "SECRET" }] };

/** What is said of a schema: `code path: summary`. */
async function said(shape: z.ZodRawShape, backend: BackendConfig, maxBytes?: number): Promise<string[]> {
  const config = configOf(z.object(shape), {
    backends: { default: backend },
    ...(maxBytes !== undefined && { maxBytes }),
  });
  const textOf = ({ code, summary, where }: { code: string; summary: string; where?: { path?: string } }) =>
    `${code} ${where?.path}: ${summary}`;
  try {
    return (await buildModel(config)).warnings.map(textOf);
  } catch (error) {
    if (!(error instanceof SessgenErrors)) throw error;
    return error.errors.map(({ envelope }) => textOf(envelope));
  }
}

it.each<[string, { given: Parameters<typeof said>; want: readonly string[] }]>([
  [
    "what fits",
    { given: [{ name: z.string().max(100), visits: z.int(), on: z.boolean() }, cookie], want: [] },
  ],
  [
    "a field whose smallest value does not fit",
    {
      given: [{ text: z.string().min(9000).max(9000).optional() }, cookie],
      want: [
        "model/too-large schema.text: text takes 6751 bytes at the least, and the cookie backend has room for 5568 bytes of fields",
      ],
    },
  ],
  [
    "fields that do not fit together",
    {
      given: [{ a: z.string().length(5000), b: z.string().length(5001) }, cookie],
      want: [
        "model/too-large schema.a: The fields that are not optional take 7502 bytes at the least, and the cookie backend has room for 5568 bytes of fields; 3751 of them are a",
      ],
    },
  ],
  [
    "a field whose largest value does not fit",
    {
      given: [{ cart: z.array(z.object({ sku: z.string().max(20) })).max(100), on: z.boolean() }, cookie],
      want: [
        "model/may-be-too-large schema.cart: cart may take 9505 bytes, and the cookie backend has room for 5568 bytes of fields",
      ],
    },
  ],
  [
    "fields that may not fit together",
    {
      given: [{ a: z.string().max(1000), b: z.string().max(1200) }, cookie],
      want: [
        "model/may-be-too-large schema.b: All fields together may take 8810 bytes, and the cookie backend has room for 5568 bytes of fields; 4805 of them are b",
      ],
    },
  ],
  [
    "what nothing bounds, in a cookie",
    {
      given: [{ name: z.string(), list: z.array(z.int()), on: z.boolean() }, cookie],
      want: [
        "model/unbounded schema.name: Nothing bounds name, and the cookie backend has room for 5568 bytes of fields",
        "model/unbounded schema.list: Nothing bounds list, and the cookie backend has room for 5568 bytes of fields",
      ],
    },
  ],
  [
    "what nothing bounds, elsewhere",
    { given: [{ name: z.string() }, { kind: "redis", url: "redis://h" }], want: [] },
  ],
  [
    "an item of DynamoDB",
    {
      given: [{ text: z.string().max(200_000) }, { kind: "dynamodb", table: "t" }],
      want: [
        "model/may-be-too-large schema.text: text may take 800005 bytes, and the dynamodb backend has room for 401360 bytes of fields",
      ],
    },
  ],
  [
    "an item of Memcached",
    {
      given: [{ text: z.string().max(270_000) }, { kind: "memcached", servers: "h" }],
      want: [
        "model/may-be-too-large schema.text: text may take 1080005 bytes, and the memcached backend has room for 1047504 bytes of fields",
      ],
    },
  ],
  [
    "the config's own bound",
    {
      given: [{ text: z.string().max(300) }, { kind: "redis", url: "redis://h" }, 1000],
      want: [
        "model/may-be-too-large schema.text: text may take 1205 bytes, and the redis backend has room for 952 bytes of fields",
      ],
    },
  ],
])("%s", async (_name, { given, want }) => {
  expect(await said(...given)).toEqual(want);
});

it("knows what room a cookie has", async () => {
  const { sessions } = setup({ store: cookieStore({ secrets: ["s".repeat(40)] }) });
  // Three bytes say how long the text is.
  const write = (bytes: number) =>
    visit(sessions, undefined, (session) => session.$assign({ secret: "é".repeat((bytes - 3) / 2) }));
  await write(5567);
  await expect(write(5567 + 48)).rejects.toMatchObject({ code: "store/too-large" });
});
