import { defineEventHandler } from "h3";

export default defineEventHandler(({ context: { session } }) => {
  session.visits += 1;
  return session.toJSON();
});
