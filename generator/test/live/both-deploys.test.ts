import { describe, expect, it, onTestFinished } from "vitest";
import { backends } from "../support/places.js";
import { begin, type Release, releases } from "../support/releases.js";

const schema =
  "user: z.object({ id: z.string() }).optional(), token: z.string().optional(), visits: z.int().default(0)";
const [first, second] = ["REHEARSAL_FIRST", "REHEARSAL_SECOND"];
const sealed = "fields: { token: { encrypt: true } }";
const encryption = (...secrets: (string | undefined)[]): string =>
  `encryption: { secrets: [${secrets.map((name) => `env("${name}")`).join(", ")}]`;
const signed = (...secrets: (string | undefined)[]): string =>
  `cookie: { secrets: [${secrets.map((name) => `env("${name}")`).join(", ")}]`;

/** Options of each release, one after the other; of two that follow each other both run. */
const rehearsals: readonly (readonly [string, { readonly given: readonly string[] }])[] = [
  [
    "a new secret of the encryption, in two steps",
    {
      given: [
        `${sealed}, ${encryption(first)} }`,
        `${sealed}, ${encryption(first, second)} }`,
        `${sealed}, ${encryption(second, first)} }`,
      ],
    },
  ],
  [
    "a new secret of the whole payload, in two steps",
    {
      given: [
        `${encryption(first)}, payload: true }`,
        `${encryption(first, second)}, payload: true }`,
        `${encryption(second, first)}, payload: true }`,
      ],
    },
  ],
  [
    "a field that is encrypted from now on",
    {
      given: [
        "fields: {}",
        `${encryption(first)}, acceptPlain: true }`,
        `${sealed}, ${encryption(first)}, acceptPlain: true }`,
      ],
    },
  ],
  [
    "a field that is encrypted no longer",
    {
      given: [
        `${sealed}, ${encryption(first)} }`,
        `${sealed}, ${encryption(first)}, acceptPlain: true }`,
        `${encryption(first)}, acceptPlain: true }`,
      ],
    },
  ],
  [
    "payloads that are encrypted from now on",
    {
      given: [
        "fields: {}",
        `${encryption(first)}, acceptPlain: true }`,
        `${encryption(first)}, acceptPlain: true, payload: true }`,
      ],
    },
  ],
  [
    "a new secret of the signature, in two steps",
    { given: [`${signed(first)} }`, `${signed(first, second)} }`, `${signed(second, first)} }`] },
  ],
  ["from unsigned to signed cookies", { given: ["fields: {}", `${signed(first)}, acceptUnsigned: true }`] }],
];

/** Lets a session be used at several releases by turns; all that one of them writes the others read. */
async function use(begun: Used, turns: readonly Release[]): Promise<Used> {
  let last = begun;
  for (const [turn, sessions] of turns.entries()) {
    const session = await sessions.open(last.cookie);
    const { visits, token } = last;
    expect({ turn, user: session.user?.id, visits: session.visits, token: session.token }).toEqual({
      turn,
      user: "ann",
      visits,
      token,
    });
    session.visits += 1;
    if (turn % 2 === 1) session.token = `${token}${turn}`;
    const [set] = await session.$commit();
    const cookie = set?.split(";")[0] ?? last.cookie;
    last = { cookie, visits: visits + 1, token: session.token ?? "" };
  }
  return last;
}

interface Used {
  readonly cookie: string;
  readonly visits: number;
  readonly token: string;
}

for (const { name, url, place: make } of backends) {
  // Secrets are the same on every store: of one that costs more, some are enough.
  const tried = name === "redis" ? rehearsals : name === "postgres (pg)" ? rehearsals.slice(1, 4) : [];
  if (tried.length === 0) continue;
  describe.skipIf(url === "")(`two deploys that run beside each other, on ${name}`, () => {
    it.each(tried)("lose nothing and nobody: %s", async (_name, { given }) => {
      for (const variable of [first, second]) {
        process.env[variable] = `${variable} has more than 32 characters`;
        onTestFinished(() => void delete process.env[variable]);
      }
      const place = await make();
      const { release } = releases(place);
      let begun: Used[] = [];
      let older: Release | undefined;
      for (const rest of given) {
        const newer = await release(schema, `, ${rest}`);
        const beside = older ?? newer;
        for (const sessions of [beside, newer]) {
          const values = { visits: 0, token: "s3cret" };
          begun.push({ cookie: await begin(sessions, { user: { id: "ann" }, ...values }), ...values });
        }
        // Those of earlier steps, too: nobody is logged out on the way.
        const used: Used[] = [];
        for (const one of begun) used.push(await use(one, [newer, beside, newer, beside, beside, newer]));
        begun = used;
        older = newer;
      }
    });
  });
}
