import { defineEventHandler } from "h3";

export default defineEventHandler({
  handler: () => ({}),
  onBeforeResponse: ({ context }) => {
    context.session.visits += 1;
  },
});
