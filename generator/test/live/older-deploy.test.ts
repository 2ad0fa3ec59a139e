import { cpSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { eventually } from "../../../services/machine.js";
import { backends, type Place } from "../support/places.js";
import type { Run } from "../support/project.js";

const schema = "user: z.object({ id: z.string() }).optional(), visits: z.int().default(0)";
const renamed =
  "account: z.object({ id: z.string() }).optional(), visits: z.int().default(0)";
const byUser = ', fields: { "user.id": { index: true } }';
const byAccount = ', fields: { account: { was: "user" }, "account.id": { index: true } }';

/** The emitted module, as far as it is used here. */
interface Release {
  readonly sessions: {
    open(cookie: string | undefined): Promise<Opened>;
    count(path: string, value: string): Promise<number>;
    destroyBy(path: string, value: string): Promise<number>;
    indexState(path: string): Promise<string>;
    on(event: "index-not-final", listener: (event: { readonly complete: boolean }) => void): void;
    close(): Promise<void>;
  };
}

interface Opened {
  user?: { readonly id: string } | undefined;
  account?: { readonly id: string } | undefined;
  visits: number;
  $commit(): Promise<readonly string[]>;
}

/** A place where several releases run at once. */
async function releases(place: Place) {
  const { user } = place;
  let count = 0;
  const run = async (...argv: string[]): Promise<Run> => {
    const done = await user.run(...argv);
    expect({ argv, code: done.code }).toEqual({ argv, code: 0 });
    return done;
  };
  /** Starts the release that was emitted last, as another process would. */
  const start = async (): Promise<Release["sessions"]> => {
    count += 1;
    const folder = `src/release${count}`;
    cpSync(join(user.root, "src/session"), join(user.root, folder), { recursive: true });
    const { sessions } = (await import(join(user.root, folder, "index.ts"))) as Release;
    onTestFinished(() => sessions.close());
    // Loads the driver, which may take longer than an operation.
    await sessions.open(`__Host-session=${"a".repeat(43)}`).catch(() => {});
    return sessions;
  };
  /** Emits a release, migrates unless told otherwise, and starts it beside the others. */
  const release = async (fields: string, rest: string, migrate = true): Promise<Release["sessions"]> => {
    place.configure(fields, rest);
    await run();
    if (migrate) await run("migrate");
    return start();
  };
  return { run, start, release };
}

/** Begins a session; gives back its cookie. */
async function begin(sessions: Release["sessions"], values: Partial<Opened>): Promise<string> {
  const session = await sessions.open(undefined);
  Object.assign(session, values);
  return (await session.$commit())[0]?.split(";")[0] ?? "";
}

const ann = { user: { id: "ann" } };
/** Nobody may go through all that these hold, of whichever application. */
const cannotList = ["redis", "dynamodb"];

for (const { name, url, place: make } of backends) {
  const lists = !cannotList.includes(name);

  describe.skipIf(url === "")(`an index beside an older deploy, on ${name}`, () => {
    it("finds what the older one writes, or says that it may not, until --after-deploy", async () => {
      const place = await make();
      const { release, run, start } = await releases(place);
      const older = await release(schema, "");
      await begin(older, ann);
      const early = await release(schema, byUser, false);
      expect(await early.indexState("user.id")).toBe("open");
      await run("migrate");
      const newer = await start();
      expect(await newer.indexState("user.id")).toBe("filled");
      const late = await begin(older, ann);
      const own = await begin(newer, ann);
      const told: boolean[] = [];
      newer.on("index-not-final", ({ complete }) => told.push(complete));
      const status = await run("migrate", "--status");
      expect(status.out).toContain("The index on user.id is filled, not final");
      expect((await run("verify")).err).toContain("[verify/index-not-final]");
      const gone = async (cookie: string): Promise<boolean> =>
        (await newer.open(cookie)).user === undefined;
      if (lists) {
        expect(await newer.count("user.id", "ann")).toBe(3);
        expect(await newer.destroyBy("user.id", "ann")).toBe(3);
        expect(told.every(Boolean)).toBe(true);
        expect(await gone(late)).toBe(true);
      } else {
        await expect(newer.count("user.id", "ann")).rejects.toMatchObject({
          code: "session/index-not-final",
        });
        // Whoever can be found is out all the same, on an index that answers at once.
        await eventually(async () => {
          await expect(newer.destroyBy("user.id", "ann")).rejects.toMatchObject({
            code: "session/index-not-final",
          });
          expect(await gone(own)).toBe(true);
        });
        expect(told).not.toContain(true);
        expect(await gone(late)).toBe(false);
        expect((await place.user.run("revoke", "--by", "user.id=ann", "--yes")).code).not.toBe(0);
      }
      expect(told.length).toBeGreaterThan(0);

      const last = await begin(older, ann);
      await run("migrate", "--after-deploy");
      const final = await start();
      expect(await final.indexState("user.id")).toBe("final");
      let quiet = true;
      final.on("index-not-final", () => {
        quiet = false;
      });
      await eventually(async () => expect(await final.count("user.id", "ann")).toBe(lists ? 1 : 2));
      expect(await final.destroyBy("user.id", "ann")).toBe(lists ? 1 : 2);
      expect(await gone(last)).toBe(true);
      expect(quiet).toBe(true);
      expect((await run("migrate", "--after-deploy")).out).toContain("Nothing is pending");
      expect((await run("verify")).err).not.toContain("[verify/index-not-final]");
    });

    it("that was off and is on again is filled in once more", async () => {
      const place = await make();
      const at = await releases(place);
      const first = await at.release(schema, byUser);
      await begin(first, ann);
      // It was there before any session was: nothing is lacking, and nobody has to say so.
      expect(await first.indexState("user.id")).toBe("final");
      expect((await at.run("verify")).err).not.toContain("[verify/index-not-final]");
      const without = await at.release(schema, "");
      await begin(without, ann);
      const again = await at.release(schema, byUser, false);
      expect(await again.indexState("user.id")).toBe("open");
      expect((await at.run("migrate", "--status")).out).toContain("pending");
      await at.run("migrate", "--after-deploy");
      const final = await at.start();
      await eventually(async () => expect(await final.count("user.id", "ann")).toBe(2));
    });

    it("of a field that got another name finds what both deploys write", async () => {
      const place = await make();
      const at = await releases(place);
      const older = await at.release(schema, byUser);
      await begin(older, ann);
      const newer = await at.release(renamed, byAccount);
      await begin(older, ann);
      await begin(newer, { account: { id: "ann" } });
      expect(await newer.indexState("account.id")).toBe("filled");
      await eventually(async () => expect(await newer.count("account.id", "ann")).toBe(3));
      // The older one knows that it misses what the newer one writes.
      const beside = await older.count("user.id", "ann").catch(({ code }) => code);
      expect([3, "session/index-not-final", 2]).toContain(beside);
      await at.run("migrate", "--after-deploy");
      const final = await at.start();
      expect(await final.indexState("account.id")).toBe("final");
      await eventually(async () => expect(await final.count("account.id", "ann")).toBe(3));
      expect(await final.destroyBy("account.id", "ann")).toBe(3);
    });
  });
}
