// `npm run docs:errors`: writes docs/errors.md from the two registries, so that it cannot fall
// behind them.
import { writeFileSync } from "node:fs";
import { exitCodes, generatorErrors } from "../generator/dist/errors.js";
import { errorCauses } from "../runtime/dist/error-causes.js";
import { runtimeErrors } from "../runtime/dist/error-fixes.js";

const file = new URL("../docs/errors.md", import.meta.url);

/** The page's text. */
export function errorsPage() {
  return `# Errors

Every problem has a stable code. The message says what happened this time; this page says why it happens and how to
mend it. Written by \`npm run docs:errors\` from the registries in \`generator/src/errors\`, \`runtime/src/error-causes.ts\` and
\`runtime/src/error-fixes.ts\`.

## Exit codes of \`sessgen\`

| code | meaning |
|---|---|
| ${exitCodes.ok} | done |
| ${exitCodes.outOfDate} | \`sessgen check\` found emitted files out of date; \`inspect\` or \`revoke\` found no such session |
| ${exitCodes.usage} | the command line is wrong |
| ${exitCodes.config} | the config or the schema is wrong |
| ${exitCodes.files} | files could not be read or written |
| ${exitCodes.backend} | the backend refused or is out of reach |
| ${exitCodes.drift} | \`sessgen verify\` found the backend to be other than what was emitted |
| ${exitCodes.changes} | \`sessgen check --against\` found a change that takes a step besides the deploy, or loses something |
| ${exitCodes.internal} | a bug in sessgen |
| ${exitCodes.interrupted} | \`sessgen backfill\` was interrupted by Ctrl-C, and there is more to do |

With \`--json\` every problem is an envelope \`{ code, severity, summary, why, fix, where }\`; \`where\` has \`file\`,
\`line\`, \`column\` and \`path\` as far as they are known.

## The command line (\`sessgen\`)

${sections(generatorErrors, (entry) => `${entry.severity}, exit code ${entry.severity === "error" ? exitCodes[entry.exit] : 0}`)}
## The runtime (\`@sessgen/runtime\`)

Thrown as \`SessionError\` with \`code\`, \`status\` (the HTTP status to answer with when nothing handles the error)
and \`fix\`: what to do, or, where a bundler has made one file of the application, the link to it on this page. Messages never hold session data, session ids or secrets.

${sections(runtimeErrors, (entry) => `status ${entry.status}`).trimEnd()}
`;
}

function sections(registry, label) {
  return Object.entries(registry)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([code, entry]) =>
        `### ${code}\n\n*${label(entry)}*\n\n- Why: ${entry.why ?? errorCauses[code]}\n- What to do: ${entry.fix}\n`,
    )
    .join("\n")
    .concat("\n");
}

if (process.argv[1] === new URL(import.meta.url).pathname) writeFileSync(file, errorsPage());
