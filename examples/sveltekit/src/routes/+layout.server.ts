import type { LayoutServerLoad } from "./$types";

// Read here, a flash field is safe from links that load a page ahead: only what depends on the
// address is loaded then.
export const load: LayoutServerLoad = ({ locals: { session } }) => ({
  name: session.user?.name,
  notice: session.notice,
});
