"use server";

import { notFound, redirect } from "next/navigation";
import { sessionAction } from "../../../session/next";

/** Adds a visit, and ends in one way or another. */
export const add = sessionAction(async (session, end: "nothing" | "redirect" | "not-found" | "error") => {
  session.visits += 1;
  if (end === "redirect") redirect("/api/notice");
  if (end === "not-found") notFound();
  if (end === "error") throw new Error("The action failed");
});

/** Calls another action, which has the same session. */
export const addTwice = sessionAction(async (session) => {
  await add("nothing");
  session.visits += 1;
});
