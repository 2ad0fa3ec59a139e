import { route } from "../../../../route";

export const GET = route((session) => {
  session.visits += 1;
  throw new Error("The handler failed");
});
