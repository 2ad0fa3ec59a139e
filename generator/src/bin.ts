import { problemText } from "./cli/problem.js";
import { envelopeOf, exitCodes } from "./errors.js";

// Asked before anything is loaded that an older Node cannot even parse.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major > 20 || (major === 20 && minor >= 19)) await import("./cli/process.js");
else {
  const summary = `This is Node ${process.versions.node}, and sessgen needs 20.19 or newer`;
  process.stderr.write(problemText(envelopeOf("cli/old-node", summary), process.cwd()));
  process.exitCode = exitCodes.usage;
}
