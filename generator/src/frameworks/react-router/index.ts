import type { Framework } from "../framework.js";

/** React Router 7.9 and later, as a framework. */
export const reactRouter: Framework = {
  name: "react-router",
  // `react-router` alone is a library of the browser, too.
  packages: ["@react-router/dev"],
  reserved: ["createContext", "withSession"],
};
