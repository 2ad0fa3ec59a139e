// A reporter for vitest that writes what failed to the file SESSGEN_FAILURES_REPORT names, as JSON.
// Of a long output often only the end is kept; the scripts that run the suites repeat this there.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";

/** So much of a failure's message tells what it was; the rest of it stands further up. */
const shownLines = 12;

export default class FailuresReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const file = process.env["SESSGEN_FAILURES_REPORT"];
    if (file === undefined) return;
    const failures = unhandledErrors.map((error) => failure("outside of any test", [error]));
    for (const module of modules) {
      // What a file or a suite failed at besides its tests: at being loaded, or in a hook.
      for (const place of [module, ...module.children.allSuites()]) {
        const errors = place.errors();
        if (errors.length > 0) failures.push(failure(titleOf(module, place), errors));
      }
      for (const test of module.children.allTests("failed")) {
        failures.push(failure(titleOf(module, test), test.result().errors));
      }
    }
    writeFileSync(file, JSON.stringify(failures));
  }
}

/** What the reporter wrote to `file`: that it wrote nothing is a failure too. */
export function readFailures(file) {
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
  return [{ title: "the run itself", message: "It did not reach its end." }];
}

/** Prints what the reporter wrote, to stand at the end of an output. */
export function printFailures(failures) {
  for (const { title, message } of failures) {
    console.log(`FAILED ${title}`);
    for (const line of message.split("\n")) console.log(`  ${line}`);
  }
}

function titleOf(module, place) {
  return place === module ? module.relativeModuleId : `${module.relativeModuleId} > ${place.fullName}`;
}

function failure(title, errors) {
  const message = errors.map((error) => `${headOf(error)}\n${placeOf(error)}\n${error.diff ?? ""}`);
  const lines = stripVTControlCharacters(message.join("\n")).split("\n");
  const shown = lines.filter((line) => line.trim() !== "").slice(0, shownLines);
  return { title, message: shown.join("\n") };
}

/** What it says, with what caused it. */
function headOf(error) {
  if (!(error instanceof Object)) return String(error);
  const head = [error.name, error.message].filter(Boolean).join(": ");
  return error.cause === undefined ? head : `${head}\nCaused by ${headOf(error.cause)}`;
}

/** Where in our own code the error was thrown. */
function placeOf(error) {
  const frames = (error.stack ?? "").split("\n").filter((line) => /^ +at /.test(line));
  return frames.find((line) => !line.includes("node_modules") && !line.includes("node:")) ?? "";
}
