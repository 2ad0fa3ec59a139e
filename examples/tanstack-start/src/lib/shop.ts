import { createServerFn } from "@tanstack/react-start";
import { sessions } from "../session";
import { addToCart, endAllDevices, endDevice, login, logout } from "./changes";

// What pages ask of the server. In a browser these are requests; nothing of what they do is there.

/** What the page shows: all of it reaches the browser. */
export const getShop = createServerFn().handler(({ context: { session } }) => {
  session.visits += 1;
  // Shown once: reading a flash field removes it.
  const { user, cart, visits, notice } = session;
  return { name: user?.name, cart, visits, notice };
});

/** Where the user is logged in; nothing for strangers. */
export const getDevices = createServerFn().handler(async ({ context: { session } }) => {
  if (session.user === undefined) return undefined;
  const devices = await sessions.list("user.id", session.user.id, { current: session });
  return { name: session.user.name, devices };
});

const form = (data: FormData): FormData => data;

export const logIn = createServerFn({ method: "POST" })
  .validator(form)
  .handler(({ context: { session }, data }) => login(session, String(data.get("name"))));

export const add = createServerFn({ method: "POST" })
  .validator(form)
  .handler(({ context: { session }, data }) => addToCart(session, String(data.get("sku")), 1));

export const logOut = createServerFn({ method: "POST" }).handler(({ context: { session } }) =>
  logout(session),
);

export const endOne = createServerFn({ method: "POST" })
  .validator(form)
  .handler(({ context: { session }, data }) => endDevice(session, String(data.get("handle"))));

export const endAll = createServerFn({ method: "POST" }).handler(({ context: { session } }) =>
  endAllDevices(session),
);
