import { describe, expect, it } from "vitest";
import { eventually } from "../../../services/machine.js";
import { backends } from "../support/places.js";
import { begin, releases } from "../support/releases.js";

const schema = "user: z.object({ id: z.string() }).optional(), visits: z.int().default(0)";
const renamed = "account: z.object({ id: z.string() }).optional(), visits: z.int().default(0)";
const byUser = ', fields: { "user.id": { index: true } }';
const byAccount = ', fields: { account: { was: "user" }, "account.id": { index: true } }';

const ann = { user: { id: "ann" } };
/** Nobody may go through all that these hold, of whichever application. */
const cannotList = ["redis", "dynamodb"];

for (const { name, url, place: make } of backends.filter((backend) => backend.name !== "mysql")) {
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
      const gone = async (cookie: string): Promise<boolean> => (await newer.open(cookie)).user === undefined;
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
