import { notFound } from "next/navigation";
import { route } from "../../../../route";

export const GET = route((session) => {
  session.visits += 1;
  notFound();
});
