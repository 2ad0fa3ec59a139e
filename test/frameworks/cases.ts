import { hostCases } from "./host-cases.js";
import { shopCases } from "./shop-cases.js";

/** Every case that the examples are tested with, by name. */
export const cases = { ...shopCases, ...hostCases };

/** The name of a case. */
export type CaseName = keyof typeof cases;
