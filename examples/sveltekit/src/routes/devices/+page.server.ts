import { redirect } from "@sveltejs/kit";
import { sessions } from "$lib/server/session";
import { endAllDevices, endDevice } from "$lib/server/shop";
import type { Actions, PageServerLoad } from "./$types";

/**
 * Where users see in which places they are logged in, and end one of these sessions or all of them.
 */
export const load: PageServerLoad = async ({ locals: { session } }) => {
  if (session.user === undefined) redirect(303, "/");
  return { devices: await sessions.list("user.id", session.user.id, { current: session }) };
};

export const actions: Actions = {
  end: async ({ locals: { session }, request }) => {
    const form = await request.formData();
    await endDevice(session, String(form.get("handle")));
  },
  endAll: async ({ locals: { session } }) => {
    await endAllDevices(session);
    redirect(303, "/");
  },
};
