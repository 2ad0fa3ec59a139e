import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serviceUrl } from "../../../services/client.js";
import { judge, newTally } from "./judge.js";
import { type Recipe, recipes } from "./recipes.js";
import { type Opened, openStores } from "./stores.js";
import { tallyText } from "./tally-text.js";

const SEED = 20_260_105;
const CHAINS = 25;

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
    expect(tally.warned, text).toBeGreaterThan(5);
    expect(tally.refused, text).toBeGreaterThan(0);
    expect(tally.beside, text).toBeGreaterThan(10);
    expect(tally.strangers, text).toBeGreaterThan(10);
    expect(tally.kinds.size, text).toBeGreaterThan(9);
  });

  const told: [string, { readonly given: Omit<Recipe, "serializer">; readonly want: string }][] = [
    [
      "member-removed",
      {
        given: {
          // An enum.
          fields: [2],
          steps: [[{ kind: "remove member", where: 0, what: 1 }]],
          sessions: [
            [
              { version: 0, field: 0, kind: "assign", number: 0 },
              { version: 0, field: 0, kind: "assign", number: 1 },
            ],
          ],
        },
        want: "Lost, and not named: v1 reads f1",
      },
    ],
    [
      "realm-changed",
      {
        given: {
          fields: [0],
          steps: [[{ kind: "realm", where: 0, what: 1 }]],
          sessions: [[{ version: 1, field: 0, kind: "assign", number: 1 }]],
        },
        want: "Lost, and not named: v0 does not find what v1 has written",
      },
    ],
  ];

  it.each(told)(
    "are told apart from those of which the gate says nothing: %s",
    async (rule, { given, want }) => {
      const recipe = { ...given, serializer: 0 };
      await judge(recipe, opened.stores, newTally());
      await expect(judge(recipe, opened.stores, newTally(), new Set([rule]))).rejects.toThrow(want);
    },
  );

  it("merge what two versions add to one list, by the key it has in each", async () => {
    const tally = newTally();
    const recipe: Recipe = {
      serializer: 0,
      // A list of things with a number as their key.
      fields: [65],
      steps: [[{ kind: "rename property", where: 0, what: 0 }]],
      sessions: [
        [
          { version: 0, field: 0, kind: "assign", number: 2 },
          { version: 0, field: 0, kind: "beside", number: 5 },
          { version: 1, field: 0, kind: "change", number: 8 },
        ],
      ],
    };
    await judge(recipe, opened.stores, tally);
    expect(tally.merged).toBe(opened.stores.size);
  });
});
