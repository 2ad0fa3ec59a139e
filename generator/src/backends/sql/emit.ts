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
import type { Layout, LayoutContext } from "./layouts/layout.js";
import { operationsBetween } from "./operations.js";
import { printSnapshot, type Table } from "./snapshot.js";
import { wantedTables } from "./wanted.js";

/** Tells where the migrations of a dialect are, relative to the config. */
export function migrationsFolder(config: ResolvedConfig, dialect: string): string {
  return `${config.infrastructure}/${dialect}`;
}

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
  catalog: Catalog,
): Promise<Artifact[]> {
  const emitted = await Promise.all(
    dialectsOf(catalog).map((dialect) => {
      const of = ({ kind }: BackendConfig): boolean => backendOf(catalog, kind).dialect === dialect;
      const wanted = wantedTables(Object.values(config.backends).filter(of), model, dialect);
      return emitDialect(config, dialect, wanted, history.get(dialect.name) ?? []);
    }),
  );
  return emitted.flat();
}

async function emitDialect(
  config: ResolvedConfig,
  dialect: Dialect,
  wanted: readonly Table[],
  migrations: readonly Migration[],
): Promise<Artifact[]> {
  const folder = migrationsFolder(config, dialect.name);
  checkHistory(migrations, folder);
  if (wanted.length === 0) return [];
  const last = migrations.at(-1)?.snapshot;
  const operations = operationsBetween(dialect, last?.tables ?? [], wanted);
  const drafts = draftsOf(dialect, operations, last, migrations.length);
  const options = {
    root: config.root,
    ...(config.templates === undefined ? {} : { overrides: join(config.root, config.templates) }),
  };
  const layout: Layout = layouts[config.migrations];
  const context: LayoutContext = {
    dialect,
    folder,
    render: (template, data) => render(template, data, options),
  };
  const emitted = await Promise.all(drafts.map((draft) => emitDraft(dialect, draft, layout, context)));
  const names = [...migrations, ...drafts].map(({ name }) => name);
  const schema = (migrations[0] ?? drafts[0])?.snapshot.tables[0]?.schema;
  const ledger = layout.own && { ledger: schema === undefined ? {} : { schema } };
  const accounts = dialect.accounts
    ? await emitAccounts({ dialect, tables: wanted, ...ledger }, context)
    : [];
  return [...emitted.flat(), ...((await layout.common?.(names, context)) ?? []), ...accounts];
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
    { path: `${context.folder}/${layout.snapshot(name)}`, content: printSnapshot(snapshot), kind: "once" },
  ];
}

function commented(sql: string): string {
  return sql.replace(/^(?!--|$)/gm, "--   ");
}
