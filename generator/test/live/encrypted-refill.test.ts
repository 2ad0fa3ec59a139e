import { execFileSync } from "node:child_process";
import { createHmac, hkdfSync } from "node:crypto";
import { identityOf } from "@sessgen/runtime";
import { describe, expect, it, onTestFinished } from "vitest";
import { eventually } from "../../../services/machine.js";
import { found, servers } from "../backends/sql/servers.js";
import { backends } from "../support/places.js";
import { application, type Project, type Run, runIn } from "../support/project.js";

const schema = "user: z.object({ id: z.string() }).optional(), visits: z.int().default(0)";
const secret = "a secret that has more than 32 characters";

/** What `verify --json` prints. */
interface Verified {
  readonly problems: readonly { readonly code: string }[];
  readonly secrets?: readonly { readonly variable: string; readonly sessions: number }[];
}

/** What `backfill --json` prints. */
interface Backfilled {
  readonly seen: number;
  readonly rewritten: number;
}

/** What a hashed index has of a user: an HMAC that is bound to the application, the index and the newest secret. */
function hash(value: string): string {
  const { text } = identityOf({ application });
  const key = Buffer.from(hkdfSync("sha256", secret, text, "sessgen index", 32));
  return createHmac("sha256", key).update(`${text}\0user_id\0${value}`).digest("base64url");
}
const forms = [
  {
    name: "as a whole",
    fields: "{}",
    indexed: '{ "user.id": { index: true } }',
    payload: true,
    stored: (value: string) => value,
  },
  {
    name: "in the field of the index",
    fields: "{ user: { encrypt: true } }",
    indexed: '{ user: { encrypt: true }, "user.id": { index: "hashed" } }',
    payload: false,
    stored: hash,
  },
];

for (const { name, url, place: make } of backends) {
  describe.skipIf(url === "")(`filling in an index of encrypted sessions on ${name}`, () => {
    // What the backends differ in is the key, to which both are bound.
    it.each(["sqlite", "redis"].includes(name) ? forms : forms.slice(0, 1))(
      "reads those encrypted $name with the secrets, and leaves them alone without",
      async ({ fields, indexed, payload, stored }) => {
        const place = await make();
        const { user } = place;
        const sessgen = async (argv: string[], env: Record<string, string> = {}): Promise<Run> => {
          const run = await runIn(user.root, argv, { env: { ...place.env, ...env } });
          expect(run).toMatchObject({ code: 0, err: "" });
          return run;
        };
        const encryption = `, encryption: { secrets: [env("NEW_SECRET"), env("OLD_SECRET")], payload: ${payload} }`;
        const secrets = { NEW_SECRET: secret, OLD_SECRET: `an old one: ${secret}` };
        place.configure(schema, `, fields: ${fields}${encryption}`);
        await sessgen([]);
        await sessgen(["migrate"]);
        begin(user, { ...place.env, ...secrets }, "ann", "bob");

        place.configure(schema, `, fields: ${indexed}${encryption}`);
        await sessgen([]);
        const some = { NEW_SECRET: secret };
        const without = await sessgen(["migrate"], some);
        expect(without.out).toContain(
          ", 2 cannot be read: set OLD_SECRET and run npx sessgen migrate --after-deploy\n",
        );
        expect(without.out).toContain("0 of 2 sessions");
        const store = place.open();
        onTestFinished(() => store.close());
        expect(await found(store, "user_id", stored("ann"))).toEqual([]);

        const { out } = await sessgen(["migrate", "--after-deploy"], secrets);
        expect(out).toMatch(/2 of 2 sessions( entered)?\n/);
        await eventually(async () => {
          for (const value of ["ann", "bob"])
            expect(await found(store, "user_id", stored(value))).toHaveLength(1);
        });
        // Which secrets are needed: `verify` says so by their names.
        const verify = async (env: Record<string, string>): Promise<Verified> =>
          JSON.parse((await runIn(user.root, ["verify", "--json"], { env: { ...place.env, ...env } })).out);
        const verified = await verify(secrets);
        expect(verified.secrets).toEqual([
          { variable: "NEW_SECRET", sessions: 2 },
          { variable: "OLD_SECRET", sessions: 0 },
        ]);
        const codes = ({ problems }: Verified) => problems.map(({ code }) => code);
        expect(codes(verified)).not.toContain("verify/missing-secret");
        // Nothing kept the application from entering itself in the store's list.
        expect(codes(verified)).not.toContain("verify/not-checked");
        const swapped = { NEW_SECRET: secrets.OLD_SECRET, OLD_SECRET: secret };
        expect((await verify(swapped)).secrets?.map(({ sessions }) => sessions)).toEqual([0, 2]);
        const lost = await verify({ ...secrets, NEW_SECRET: `a third one: ${secret}` });
        expect(codes(lost)).toContain("verify/missing-secret");
        expect(lost.secrets?.map(({ sessions }) => sessions)).toEqual([0, 0]);
        expect(JSON.stringify([verified, lost])).not.toContain(secret);

        const [key = ""] = await found(store, "user_id", stored("ann"));
        expect((await sessgen(["inspect", "--key", key], secrets)).out).toMatch(/user +\{ id: 'ann' \}/);
        // With another secret in front, all are written anew, and found by the same.
        const backfill = async (): Promise<Backfilled> =>
          JSON.parse((await sessgen(["backfill", "--json"], swapped)).out);
        expect(await backfill()).toMatchObject({ seen: 2, rewritten: 2, changes: { key: 2 }, left: {} });
        expect((await verify(swapped)).secrets?.map(({ sessions }) => sessions)).toEqual([2, 0]);
        expect(await backfill()).toMatchObject({ seen: 2, rewritten: 0 });
        await eventually(async () => {
          const by = ["inspect", "--by", "user.id=ann", "--json"];
          expect(JSON.parse((await sessgen(by, swapped)).out)).toMatchObject({
            count: 1,
            sessions: [{ key }],
          });
        });
      },
    );
  });
}

it("keeps what sessions are found by when somebody migrates without the secrets", async () => {
  const [sqlite] = servers;
  if (sqlite === undefined) throw new Error("SQLite is always there");
  const { user, configure, store: open } = await sqlite.place();
  const secrets = { SECRET: secret };
  configure(
    schema,
    "",
    ', fields: { user: { encrypt: true }, "user.id": { index: "hashed" } }, encryption: { secrets: [env("SECRET")] }',
  );
  await user.run();
  await user.run("migrate");
  begin(user, secrets, "ann");
  const [key] = await found(open(), "user_id", hash("ann"));
  expect(key).toBeDefined();
  const { out } = await user.run("migrate", "--after-deploy");
  expect(out).toBe("Nothing is pending\n");
  configure(
    `${schema}, plan: z.string().optional()`,
    "",
    ', fields: { user: { encrypt: true }, "user.id": { index: "hashed" }, plan: { index: true } }, encryption: { secrets: [env("SECRET")] }',
  );
  await user.run();
  for (let turn = 0; turn < 2; turn += 1) {
    const { out: again } = await user.run("migrate");
    expect(again).toContain("1 cannot be read: set SECRET and");
    expect(again).toContain("pending: by_plan of sessions filled in\n");
    expect(await found(open(), "user_id", hash("ann"))).toEqual([key]);
  }
  const done = await runIn(user.root, ["migrate"], { env: secrets });
  expect(done.out).toContain("applied: by_plan of sessions filled in\n");
  expect((await user.run("migrate")).out).toBe("Nothing is pending\n");
});

it("says that a secret is too short", async () => {
  const [sqlite] = servers;
  if (sqlite === undefined) throw new Error("SQLite is always there");
  const { user, configure } = await sqlite.place();
  const encryption = ', encryption: { secrets: [env("SECRET")], payload: true }';
  configure(schema, "", encryption);
  await user.run();
  await user.run("migrate");
  configure(schema, "", `, fields: { "user.id": { index: true } }${encryption}`);
  await user.run();
  expect(await runIn(user.root, ["migrate"], { env: { SECRET: "short" } })).toMatchObject({
    code: 5,
    err: expect.stringMatching(/shorter than 32 characters.*\[migrate\/failed\]/),
  });
});

/** Begins a session for each user, as the application does. */
function begin(user: Project, env: Record<string, string>, ...ids: string[]): void {
  user.write({
    "app.ts": `import { sessions } from "./src/session/index.js";\nfor (const id of ${JSON.stringify(ids)}) {\n  const session = await sessions.open(undefined);\n  session.user = { id };\n  await session.$commit();\n}\nawait sessions.close();\n`,
  });
  execFileSync(process.execPath, ["--import", "tsx", "app.ts"], {
    cwd: user.root,
    env: { PATH: process.env["PATH"], ...awsOf(process.env), ...env },
  });
}

/** What DynamoDB Local's client needs to sign with. */
function awsOf(env: NodeJS.ProcessEnv): Record<string, string> {
  const entries = Object.entries(env).filter(([name]) => name.startsWith("AWS_"));
  return {
    AWS_REGION: "local",
    AWS_ACCESS_KEY_ID: "x",
    AWS_SECRET_ACCESS_KEY: "x",
    ...Object.fromEntries(entries),
  };
}
