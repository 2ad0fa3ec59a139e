import type { DateType } from "../../../model/model.js";
import { type Rule, refuse } from "../rules.js";
import type { Kind } from "./kind.js";
import { scalar } from "./scalar.js";

/** An invalid date has no place in storage. */
export const date: Kind<DateType> = {
  typeText: () => ["Date"],
  test: (_type, value) => `${value} instanceof Date`,
  check({ min, max }, value, path, to) {
    const limit = (sign: "<" | ">", words: string, time: number): Rule =>
      refuse(
        `${value}.getTime() ${sign} ${time}`,
        path,
        `a date ${words} than ${new Date(time).toISOString()}`,
      );
    return [
      refuse(`!${to.use("isDate")}(${value})`, path, "a valid date"),
      ...(min === undefined ? [] : [limit("<", "no earlier", min)]),
      ...(max === undefined ? [] : [limit(">", "no later", max)]),
    ];
  },
  plain: () => ["date", "string"],
  ...scalar("date"),
};
