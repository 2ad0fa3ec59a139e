import { exitCodes, SessgenError, SessgenErrors } from "../../errors.js";
import { prepare } from "../../output/prepare.js";
import { catalog } from "../catalog.js";
import type { Io } from "../io.js";
import type { CommonOptions, Reporter } from "../report.js";

/** Fails when what is emitted is not what the config asks for. For CI; never writes. */
export async function check(options: CommonOptions, _io: Io, report: Reporter): Promise<number> {
  const { changes, warnings } = await prepare(options, catalog);
  for (const warning of warnings) report.warn(warning);
  report.data(
    "files",
    changes.map(({ path, action }) => ({ path, action })),
  );
  const wrong = changes.filter(({ action }) => action !== "unchanged" && action !== "stale");
  if (wrong.length > 0) {
    const what = {
      create: "is missing",
      remove: "is no longer emitted",
      edited: "was changed by hand",
    } as const;
    throw new SessgenErrors(
      wrong.map(
        ({ path, action }) =>
          new SessgenError(
            "check/out-of-date",
            `${path} ${action in what ? what[action as keyof typeof what] : "is out of date"}`,
            {
              where: { file: path },
            },
          ),
      ),
    );
  }
  report.line(`Up to date: ${changes.length} files`);
  return exitCodes.ok;
}
