import { mongodb } from "./mongodb.js";
import { postgres } from "./postgres.js";
import { redis } from "./redis.js";
import type { Recipe } from "./service.js";

/** Every server the tests use. To add one: its recipe, and a line here. */
export const recipes: readonly Recipe[] = [mongodb, postgres, redis];
