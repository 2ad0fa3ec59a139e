import { optionChanges } from "../backend-options.js";
import { everybody } from "../losses.js";
import type { Rule } from "../rule.js";

/** The backend is reached at another address. */
export const backendAddressChanged: Rule = {
  title: "The backend's address is another one: host, port, database, region, or the module of its client",
  class: "breaking",
  why: "Sessions stay on the server where they are; the newer version looks at another one. The same server under another name, another variable with the same value, or a client that connects to the same place changes nothing: `--accept backend-address-changed` says that it is so. User and password are not compared, and of a variable only its name.",
  loss: everybody,
  instead:
    "Copy the server, as with replication, and turn to the copy while nobody is served; or keep the address.",
  example: {
    before: 'backend: { kind: "redis", url: "redis://one.example.com:6379/0" }',
    after: 'backend: { kind: "redis", url: "redis://two.example.com:6379/0" }',
  },
  find: (comparison) =>
    optionChanges(comparison, "address").map(({ path, at, summary }) => ({ path, at, summary })),
};
