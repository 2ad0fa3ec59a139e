import type { SessionModel } from "../../model/model.js";
import { kindOf } from "./kinds/index.js";
import type { PlainKind, PlainKinds } from "./plain-kinds.js";

/** Gives what the plain values of the model's types look like. */
export function plainKindsOf(model: SessionModel): PlainKinds {
  const open: string[] = [];
  const to: PlainKinds = {
    of: (type) => new Set<PlainKind>(kindOf(type).plain(type, to)),
    named: (name) => {
      const target = model.types[name];
      // A type that is directly itself gives no kind of its own.
      if (target === undefined || open.includes(name)) return [];
      open.push(name);
      const kinds = kindOf(target).plain(target, to);
      open.pop();
      return kinds;
    },
  };
  return to;
}
