import { defineHandler } from "nitro/h3";

export default defineHandler(({ context }) => {
  context.session.visits += 1;
  throw new Error("The handler failed");
});
