"use server";

import { deviceOf, userNamed } from "example-shop";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { sessions } from "../session";
import { sessionAction } from "../session/next";

// A new `user` gives the session a new id (`regenerate: "on-change"` in session.config.ts).
export const login = sessionAction(async (session, form: FormData) => {
  const name = String(form.get("name"));
  session.user = userNamed(name);
  session.device = deviceOf((await headers()).get("user-agent") ?? "");
  session.notice = `Welcome, ${name}`;
  redirect("/");
});

export const addToCart = sessionAction(async (session, sku: string) => {
  const item = session.cart.find((candidate) => candidate.sku === sku);
  // Changed in place: noticed when the session is saved, and checked against the schema.
  if (item === undefined) session.cart.push({ sku, quantity: 1 });
  else item.quantity += 1;
});

export const logout = sessionAction(async (session) => {
  await session.$destroy();
  session.notice = "Goodbye";
  redirect("/");
});

// A handle of somebody else's session finds nothing: only this user's are looked at.
export const endDevice = sessionAction(async ({ user }, handle: string) => {
  if (user !== undefined) await sessions.revoke(handle, { by: ["user.id", user.id] });
  redirect("/devices");
});

export const endAllDevices = sessionAction(async (session) => {
  if (session.user !== undefined) {
    await sessions.destroyBy("user.id", session.user.id, { except: session });
    await session.$destroy();
  }
  redirect("/");
});
