import { ActionError, defineAction } from "astro:actions";
import { z } from "astro/zod";
import { addToCart, endAllDevices, endDevice, login, logout } from "../lib/shop";

/** What the forms of pages do, with scripts or without. */
export const server = {
  login: defineAction({
    accept: "form",
    input: z.object({ name: z.string() }),
    handler: ({ name }, { locals, request }) => login(locals.session, name, request),
  }),
  add: defineAction({
    accept: "form",
    input: z.object({ sku: z.string(), quantity: z.number() }),
    handler: ({ sku, quantity }, { locals }) => {
      const message = addToCart(locals.session, sku, quantity);
      if (message !== undefined) throw new ActionError({ code: "BAD_REQUEST", message });
    },
  }),
  logout: defineAction({
    accept: "form",
    handler: (_input, { locals }) => logout(locals.session),
  }),
  endDevice: defineAction({
    accept: "form",
    input: z.object({ handle: z.string() }),
    handler: ({ handle }, { locals }) => endDevice(locals.session, handle),
  }),
  endAllDevices: defineAction({
    accept: "form",
    handler: (_input, { locals }) => endAllDevices(locals.session),
  }),
};
