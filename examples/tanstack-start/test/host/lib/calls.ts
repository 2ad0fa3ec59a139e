import { SessionError } from "@sessgen/runtime";
import { redirect } from "@tanstack/react-router";
import { createServerFn } from "@tanstack/react-start";

/** What loaders of the tests call: each writes, and does something besides. */
export const moved = createServerFn().handler(({ context: { session } }) => {
  session.visits += 1;
  throw redirect({ to: "/" });
});

export const failed = createServerFn().handler(({ context: { session } }) => {
  session.visits += 1;
  throw new Error("The function failed");
});

export const written = createServerFn().handler(({ context: { session } }) => {
  try {
    session.visits += 1;
    return "saved";
  } catch (error) {
    return error instanceof SessionError ? error.code : "failed";
  }
});
