import { fail, redirect } from "@sveltejs/kit";
import { addToCart, login, logout } from "$lib/server/shop";
import type { Actions, PageServerLoad } from "./$types";

export const load: PageServerLoad = ({ locals: { session } }) => {
  session.visits += 1;
  return { visits: session.visits, cart: session.cart };
};

export const actions: Actions = {
  login: async ({ locals: { session }, request }) => {
    const form = await request.formData();
    login(session, String(form.get("name")), request);
    redirect(303, "/"); // what was written before is saved
  },
  add: async ({ locals: { session }, request }) => {
    const form = await request.formData();
    const error = addToCart(session, String(form.get("sku")), Number(form.get("quantity")));
    return error === undefined ? undefined : fail(400, { error });
  },
  logout: async ({ locals: { session } }) => {
    await logout(session);
    redirect(303, "/");
  },
};
