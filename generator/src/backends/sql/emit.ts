import { join } from "node:path";
import { render } from "../../code/render.js";
import { backendOf, type Catalog, dialectsOf } from "../../config/catalog.js";
import type { ResolvedConfig } from "../../config/resolved.js";
import type { BackendConfig } from "../../config/values.js";
import type { SessionModel } from "../../model/model.js";
import type { Artifact } from "../../output/artifact.js";
import { emitAccounts } from "./accounts.js";
import type { Dialect } from "./dialect.js";
import { type Draft, draftsOf, templateData } from "./drafts.js";
import { checkHistory, type History, type Migration } from "./history.js";
import { layouts } from "./layouts/index.js";
import type { Layout, LayoutContext, ToolFolder } from "./layouts/layout.js";
import { counted, following } from "./numbers.js";
import { operationsBetween } from "./operations.js";
import { printSnapshot, type Table } from "./snapshot.js";
import { migrationsFolder, toolFolderOf } from "./tool-folder.js";
import { wantedTables } from "./wanted.js";

/**
 * Emits the migrations from what the last one left to what the config asks for: nothing when that
 * is the same. Compares with the last snapshot and never looks at a database.
 *
 * @throws SessgenError `migrate/branched`, `migrate/broken-history`, `migrate/unsupported-change`
 */
export async function emitSql(
  config: ResolvedConfig,
  model: SessionModel,
  history: History,
  folders: ReadonlyMap<string, ToolFolder>,
  catalog: Catalog,
): Promise<Artifact[]> {
  const emitted = await Promise.all(
    dialectsOf(catalog).map((dialect) => {
      const of = ({ kind }: BackendConfig): boolean => backendOf(catalog, kind).dialect === dialect;
      const wanted = wantedTables(Object.values(config.backends).filter(of), model, dialect);
      const there = folders.get(dialect.name) ?? { names: [], texts: new Map(), now: 0 };
      return emitDialect(config, dialect, wanted, history.get(dialect.name) ?? [], there);
    }),
  );
  return emitted.flat();
}

async function emitDialect(
  config: ResolvedConfig,
  dialect: Dialect,
  wanted: readonly Table[],
  migrations: readonly Migration[],
  there: ToolFolder,
): Promise<Artifact[]> {
  const aside = migrationsFolder(config, dialect.name);
  checkHistory(migrations, aside);
  if (wanted.length === 0) return [];
  const last = migrations.at(-1)?.snapshot;
  const operations = operationsBetween(dialect, last?.tables ?? [], wanted);
  const layout: Layout = layouts[config.migrations];
  // Behind our own, too: the tool may have moved to another folder.
  const numbered = { ...there, names: [...there.names, ...migrations.map(({ name }) => name)] };
  const inOurs = config.migrationsFolder === undefined;
  const number = inOurs ? counted(migrations.length) : following(numbered, layout.numbers ?? "counter");
  const drafts = draftsOf(dialect, operations, last, number);
  const options = {
    root: config.root,
    ...(config.templates === undefined ? {} : { overrides: join(config.root, config.templates) }),
  };
  const context: LayoutContext = {
    dialect,
    folder: toolFolderOf(config, dialect.name),
    aside,
    there,
    render: (template, data) => render(template, data, options),
  };
  const emitted = await Promise.all(drafts.map((draft) => emitDraft(dialect, draft, layout, context)));
  const steps = [
    ...migrations.map(({ name, snapshot }) => ({ name, snapshot, isNew: false })),
    ...drafts.map(({ name, snapshot }) => ({ name, snapshot, isNew: true })),
  ];
  const schema = (migrations[0] ?? drafts[0])?.snapshot.tables[0]?.schema;
  const ledger = layout.own && { ledger: schema === undefined ? {} : { schema } };
  const accounts = dialect.accounts
    ? await emitAccounts({ dialect, tables: wanted, ...ledger }, { ...context, folder: aside })
    : [];
  const { output, language } = config;
  const model = layout.model?.(wanted, { dialect, aside, output, language });
  return [
    ...emitted.flat(),
    ...((await layout.common?.(steps, context)) ?? []),
    ...(model === undefined ? [] : [model]),
    ...accounts,
  ];
}

async function emitDraft(
  dialect: Dialect,
  draft: Draft,
  layout: Layout,
  context: LayoutContext,
): Promise<Artifact[]> {
  const { name, snapshot } = draft;
  const noTransaction = draft.noTransaction && !layout.oneTransaction;
  const data = { ...templateData(dialect, draft), noTransaction, own: layout.own === true };
  const [up = "", down = ""] = await Promise.all(
    ["up", "down"].map((direction) => context.render(`sql/${dialect.name}/${direction}.sql.hbs`, data)),
  );
  // A tool applies whatever there is: what has to wait is left for somebody to run by hand.
  const held = draft.afterDeploy && !layout.own;
  const text = { name, up: held ? commented(up) : up, down: held ? commented(down) : down };
  return [
    ...(await layout.files({ ...text, snapshot, noTransaction }, context)),
    { path: `${context.aside}/${layout.snapshot(name)}`, content: printSnapshot(snapshot), kind: "once" },
  ];
}

function commented(sql: string): string {
  return sql.replace(/^(?!--|$)/gm, "--   ");
}
