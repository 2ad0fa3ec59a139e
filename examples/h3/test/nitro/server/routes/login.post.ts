import { userNamed } from "example-shop";
import { defineHandler, noContent } from "nitro/h3";

export default defineHandler<{ body: { name: string } }>(async ({ context, req }) => {
  const { name } = await req.json();
  context.session.user = userNamed(name);
  return noContent();
});
