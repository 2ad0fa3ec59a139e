import type { Framework } from "../framework.js";

/** React Router 7.9 and later, as a framework. */
export const reactRouter: Framework = {
  name: "react-router",
  files: ["react-router.ts", "react-router-storage.ts"],
  // `react-router` alone is a library of the browser, too.
  packages: ["@react-router/dev"],
  reserved: ["createContext", "withSession"],
  data: ({ fields }) => ({
    // The fields that its own sessions have a method for.
    flash: Object.entries(fields)
      .filter(([, { flash }]) => flash === true)
      .map(([name]) => JSON.stringify(name)),
  }),
};
