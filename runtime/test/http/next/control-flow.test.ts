import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { answerOf, isAnswer } from "../../../src/http/next/control-flow.js";

// Not by import: Next.js brings React's declarations of what browsers have, for all tests.
const { notFound, permanentRedirect, redirect } = createRequire(import.meta.url)("next/navigation") as {
  notFound(): never;
  permanentRedirect(url: string): never;
  redirect(url: string): never;
};

function thrownBy(work: () => never): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe("what functions of next/navigation throw", () => {
  it.each<[string, { given: () => never; want: readonly [status: number, location: string | null] }]>([
    ["redirect()", { given: () => redirect("/login"), want: [307, "/login"] }],
    [
      "redirect() to where semicolons are",
      { given: () => redirect("/a;b?c=d;e"), want: [307, "/a;b?c=d;e"] },
    ],
    ["permanentRedirect()", { given: () => permanentRedirect("/new"), want: [308, "/new"] }],
    ["notFound()", { given: () => notFound(), want: [404, null] }],
  ])("is an answer: %s", (_name, { given, want }) => {
    const thrown = thrownBy(given);
    expect(isAnswer(thrown)).toBe(true);
    const answer = answerOf(thrown);
    expect([answer?.status, answer?.headers.get("location")]).toEqual(want);
  });

  it.each<[string, unknown]>([
    ["an error", new Error("NEXT_REDIRECT")],
    ["an error with another digest", Object.assign(new Error("x"), { digest: "DYNAMIC_SERVER_USAGE" })],
    ["a digest that is no text", { digest: 404 }],
    ["nothing", undefined],
    ["null", null],
  ])("is no answer: %s", (_name, thrown) => {
    expect([isAnswer(thrown), answerOf(thrown)]).toEqual([false, undefined]);
  });
});
