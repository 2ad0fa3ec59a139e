import { redirect } from "react-router";

export const loader = () => redirect("/api/notice", 303);
