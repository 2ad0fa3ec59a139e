import { defineHandler } from "nitro/h3";

export default defineHandler(({ context: { session } }) => {
  session.visits += 1;
  return { name: session.user?.name, visits: session.visits };
});
