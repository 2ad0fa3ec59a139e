import { session } from "../../../../src/session/h3.js";

export default session({ skip: ({ url }) => url.pathname === "/health" });
