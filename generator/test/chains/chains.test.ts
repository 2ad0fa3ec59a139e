import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serviceUrl } from "../../../services/client.js";
import { kinds } from "./evolve.js";
import { judge, newTally } from "./judge.js";
import { type Recipe, recipes } from "./recipes.js";
import { type Opened, openStores } from "./stores.js";
import { tallyText } from "./tally-text.js";

const SEED = 20_260_105;
const CHAINS = 40;

const redis = await serviceUrl("redis");
const urls = new Map([["sqlite", ""], ...(redis === "" ? [] : [["redis", redis] as const])]);

describe("chains of versions", { tags: ["slow"] }, () => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await openStores(urls);
  });
  afterAll(() => opened.close());

  it("lose nothing that both versions know, and nothing that the gate had not named", async () => {
    const tally = newTally();
    const property = fc.asyncProperty(recipes, (recipe) => judge(recipe, opened.stores, tally));
    await fc.assert(property, { seed: SEED, numRuns: CHAINS });
    // Versions that never meet what they cannot read show nothing.
    const text = tallyText(tally);
    expect(tally.chains, text).toBeGreaterThan(CHAINS * 0.9);
    expect(tally.warned, text).toBeGreaterThan(10);
    expect(tally.refused, text).toBeGreaterThan(0);
    expect(tally.beside, text).toBeGreaterThan(10);
    expect(tally.kinds.size, text).toBeGreaterThan(kinds.length * 0.7);
  });

  it("are told apart from those of which the gate says nothing", async () => {
    const recipe: Recipe = {
      serializer: 0,
      // An enum.
      fields: [2],
      steps: [[{ kind: "remove member", where: 0, what: 1 }]],
      sessions: [
        [
          { version: 0, field: 0, kind: "assign", number: 0 },
          { version: 0, field: 0, kind: "assign", number: 1 },
        ],
      ],
    };
    await judge(recipe, opened.stores, newTally());
    await expect(judge(recipe, opened.stores, newTally(), new Set(["member-removed"]))).rejects.toThrow(
      "Lost, and not named: v1 reads f1",
    );
  });
});
