// `npm run docs:changes`: writes docs/changes.md from the rules in generator/src/changes, so that
// it cannot fall behind them.
import { writeFileSync } from "node:fs";

const file = new URL("../docs/changes.md", import.meta.url);

/** The page's text. */
export function changesPage({ rules, uncompared, className, stepName, exitCode }) {
  const all = [...rules];
  const byClass = ["breaking", "step", "once-deployed", "safe"];
  return `# What a change means to stored sessions

A release meets sessions that an earlier one has stored, and for a while both run side by side. \`sessgen check --against\` says
what a change of the schema or the config does to them, before it is deployed. It compares two locks: neither the
dependencies of the earlier version nor its emitted files are needed, and no backend. Written by \`npm run docs:changes\` from
\`generator/src/changes/rules\`; for each rule a test runs the emitted code of both versions on one store, and shows what is lost or
that nothing is. Chains of several changes are played at random: [chains.md](chains.md).

## In CI

\`\`\`sh
npx sessgen check --against origin/main
npx sessgen check --against v1.4.0 --json
npx sessgen check --against origin/main --format github
npx sessgen check --against origin/main --accept member-removed:theme
\`\`\`

| \`--against\` | is |
|---|---|
| \`main\`, \`v1.4.0\`, \`HEAD~3\` | what git knows by that name. Compare with what is deployed: a tag, or the branch that deploys come from |
| \`v1.4.0:web/sessgen.lock.json\` | one file of it, as \`git show\` takes it |
| \`../deployed\` | a folder: a checkout, or the project in it |
| \`deployed.lock.json\` | a lock |

A name that git knows is git's: a folder \`main\` is \`./main\`. The lock is looked for under the path that the config names, then,
since files are moved, by the application's id; each of several configs (\`--config\`, repeated) has its own. The commit has to be
there: with \`actions/checkout\`, say \`fetch-depth: 0\`. What cannot be found or read is refused: \`changes/unknown-state\`,
\`changes/no-lock\`, \`changes/no-snapshot\`, \`lock/unreadable\` ([errors.md](errors.md)). A branch that
lacks commits of the named one, with slots that they gave out, is compared with where the two parted, and refused as \`changes/behind\`: it is the
merge that is deployed. Of a folder or a lock file nobody can tell whether the branch is behind or went back: \`lock-reverted\` says both.

Exit code ${exitCode} means that a change takes a step or is breaking, 0 that none does. \`--accept\` lets a change through that you have looked
at, by its rule, or its rule and its path; it stays in what is printed. \`--json\` has \`changes\`, each with \`rule\`, \`class\`, \`path\`, \`summary\`,
\`why\`, \`loss\`, \`steps\`, \`instead\`, \`accepted\` and \`where\`; \`--format github\` puts each beside its line in the schema or the config.

\`npx sessgen\` says the same in one line for each change, against what was committed last.

## Classes

| class | in words | means |
|---|---|---|
| \`safe\` | ${className.safe} | Both versions read all that either writes. Deploy it. |
| \`once-deployed\` | ${className["once-deployed"]} | The newer version reads all that is stored; an older one does not see all of what the newer one writes. Rely on it when no older version runs any more. |
| \`step\` | ${className.step} | Takes a step besides the deploy, or what is named is lost. |
| \`breaking\` | ${className.breaking} | What is named is lost, by whom and until when. |

Steps:

| step | is | when |
|---|---|---|
| \`two-deploys\` | another release first | it runs everywhere before the one with the change |
| \`backfill\` | \`${stepName.backfill}\`: stored sessions are rewritten | before the deploy |
| \`migrate\` | \`${stepName.migrate}\` | before the deploy |
| \`after-deploy\` | \`${stepName["after-deploy"]}\` | when no older version runs any more |

## The steps of a release

\`\`\`sh
npx sessgen plan --against v1.4.0 --environment production
\`\`\`

prints them in their order, each with the command, what it is for, the variables of the environment that it needs, and the changes that
ask for it; \`--json\` has the same as \`steps\`, of which \`needed\` says whether there is anything to do. Without \`--against\` it is \`HEAD\`.

## What the lock cannot tell

The value of a variable: \`env("A")\` in place of \`env("B")\` counts as another text. Who comes to a server: of an address the lock has host,
port and path, and neither user, password nor parameters. What the functions in \`schemaModule\`, \`parts\` and merges do. The application's own code, such as one that sets a session's field to what an older
version does not know.

No rule looks at these options, for what is stored, and who reads it, stays the same:

| option | is about |
|---|---|
${Object.entries(uncompared)
  .map(([path, why]) => `| \`${path}\` | ${why} |`)
  .join("\n")}

## All rules

| rule | class | is about |
|---|---|---|
${all
  .toSorted(([, a], [, b]) => byClass.indexOf(a.class) - byClass.indexOf(b.class))
  .map(([id, { class: one, title }]) => `| [${id}](#${id}) | \`${one}\` | ${title} |`)
  .join("\n")}

${all.map(([id, rule]) => section(id, rule)).join("\n")}`;

  function section(id, rule) {
    const { title, class: one, otherwise = {}, why, loss, steps = [], instead, example } = rule;
    const names = steps.map((step) => `\`${step}\``).join(", then ");
    const lines = [
      `- Class: \`${one}\`${names === "" ? "" : `: ${names}`}`,
      ...Object.entries(otherwise).map(([other, when]) => `- \`${other}\` ${when}`),
      ...(loss === undefined
        ? []
        : [
            `- Lost${one === "step" ? " otherwise" : ""}: ${loss.what}. By whom: ${loss.who}. Until: ${loss.until}.`,
          ]),
      ...(instead === undefined ? [] : [`- Safely: ${instead}`]),
    ];
    const code = (text) => `\`\`\`ts\n${text}\n\`\`\``;
    return `### ${id}

${title}. ${why}

${lines.join("\n")}

${example.note === undefined ? "" : `${example.note} `}Before:

${code(example.before)}

After:

${code(example.after)}
`;
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { rules } = await import("../generator/dist/changes/rules/index.js");
  const { className, stepName } = await import("../generator/dist/changes/report/words.js");
  const { exitCodes } = await import("../generator/dist/errors.js");
  const { uncompared } = await import("../generator/dist/changes/uncompared.js");
  writeFileSync(file, changesPage({ rules, uncompared, className, stepName, exitCode: exitCodes.changes }));
}
