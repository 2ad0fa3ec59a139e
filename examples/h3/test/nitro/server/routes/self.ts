import { serverFetch } from "nitro";
import { defineHandler } from "nitro/h3";

export default defineHandler(async ({ context }) => {
  context.session.visits += 1;
  return (await serverFetch("/", undefined, context)).json();
});
