import { type ModelContext, type Path, pathText } from "./context.js";
import type { Node } from "./node.js";

type Intersection = Extract<Node, { kind: "intersection" }>;
type ObjectNode = Extract<Node, { kind: "object" }>;

const instead = "Write the combined type out, for objects with .extend().";

/**
 * Gives both sides of an intersection of objects, as one object. What the sides say together and
 * one object cannot say is a problem.
 */
export function intersectionOf(
  context: ModelContext,
  node: Intersection,
  path: Path,
): ObjectNode | undefined {
  const [left, right] = [node.left, node.right].map((side) => sideOf(context, side, path));
  if (left === undefined || right === undefined) {
    context.problem(
      "model/unsupported-type",
      path,
      `${pathText(path)} is an intersection of something else than objects, which cannot be stored`,
      instead,
    );
    return undefined;
  }
  for (const key of Object.keys(left.shape)) {
    if (!Object.hasOwn(right.shape, key) || left.shape[key] === right.shape[key]) continue;
    context.problem(
      "model/unsupported-type",
      [...path, key],
      `${pathText([...path, key])} is in both sides of an intersection, which cannot be stored`,
      instead,
    );
  }
  return {
    kind: "object",
    shape: { ...left.shape, ...right.shape },
    rest: restOf(context, left, right, path),
  };
}

/** What both sides together say of other keys. */
function restOf(context: ModelContext, left: ObjectNode, right: ObjectNode, path: Path): ObjectNode["rest"] {
  const refuse = (why: string): void =>
    context.problem("model/unsupported-type", path, `${pathText(path)} is an intersection ${why}`, instead);
  for (const [one, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const foreign = Object.keys(other.shape).filter((key) => !Object.hasOwn(one.shape, key));
    // A side looks at all keys, the other's as well.
    if (typeof one.rest === "object" && foreign.length > 0) {
      refuse(`in which the catchall of one side also holds for ${foreign.join(", ")} of the other`);
      return "strip";
    }
    // In Zod 4 a key is refused when both sides refuse it, in Zod 3 when one does.
    if (one.rest !== "strict" || context.adapter.zod === 4) continue;
    if (foreign.length > 0)
      refuse(`in which one side is strict, and refuses ${foreign.join(", ")} of the other`);
    return "strict";
  }
  const open = [left.rest, right.rest].filter((rest) => rest !== "strip" && rest !== "strict");
  const [first, second] = [...open.filter((rest) => rest !== "loose"), ...open];
  if (typeof first === "object" && typeof second === "object" && first.catchall !== second.catchall) {
    refuse("of two sides that each have a catchall");
  }
  return first ?? (left.rest === "strict" && right.rest === "strict" ? "strict" : "strip");
}

function sideOf(context: ModelContext, schema: unknown, path: Path): ObjectNode | undefined {
  const node = context.read(schema, path);
  context.refine(path, node.refinements);
  if (node.kind === "object") return node;
  if (node.kind === "same" || node.kind === "readonly") return sideOf(context, node.inner, path);
  return node.kind === "intersection" ? intersectionOf(context, node, path) : undefined;
}
