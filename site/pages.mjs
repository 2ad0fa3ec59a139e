// What the site shows, and in which order: every page of docs/. A page that no group names stands
// at the end of the group of its folder, so that nobody has to remember this list.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const docs = fileURLToPath(new URL("../docs", import.meta.url));

/** Groups of the navigation: `pages` come first, in this order; then all others of `folder`. */
const groups = [
  { text: "Begin", pages: ["index", "first-steps", "init", "compare", "limits"] },
  { text: "The first hour", folder: "newcomers", pages: ["newcomers"] },
  { text: "Frameworks", folder: "frameworks", pages: ["frameworks"] },
  {
    text: "Guides",
    folder: "guides",
    pages: [
      "guides/login",
      "guides/log-out-everywhere",
      "guides/devices",
      "guides/csrf",
      "guides/flash",
      "guides/tests",
      "guides/deploys",
      "guides/rotation",
      "guides/migrations",
      "migrations",
      "guides/several-services",
      "guides/staging",
      "guides/environment",
    ],
  },
  { text: "Coming from", folder: "coming-from", pages: ["express-session"] },
  {
    text: "Reference",
    pages: ["config", "fields", "schema", "backends", "cookies", "errors", "build", "projects", "testing"],
  },
  {
    text: "In production",
    pages: ["operations", "changes", "drift", "scale", "identity", "observability", "security"],
  },
  {
    text: "How it works",
    pages: ["internals", "packed", "hammer", "chains", "adding-a-store", "adding-a-framework"],
  },
  { text: "Decisions", folder: "decisions", pages: [] },
  // What is new, until somebody gives it a better place.
  { text: "More", folder: "", pages: [] },
];

/** Every page there is, as its path below docs/ without `.md`. */
export function allPages() {
  return readdirSync(docs, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => file.replaceAll("\\", "/").slice(0, -".md".length))
    .sort();
}

/** The navigation: groups of pages, each page once, by its title. */
export function navigation() {
  const pages = allPages();
  const named = new Set(groups.flatMap(({ pages }) => pages));
  const folders = new Set(groups.flatMap(({ folder }) => folder ?? []));
  return groups.flatMap(({ text, folder, pages: first }) => {
    const others = pages.filter((page) => !named.has(page) && folder === folderOf(page, folders));
    const items = [...first.filter((page) => pages.includes(page)), ...others];
    return items.length === 0 ? [] : [{ text, items: items.map(itemOf) }];
  });
}

/** The folder whose group has a page: its own, or none. */
function folderOf(page, folders) {
  const folder = page.includes("/") ? page.slice(0, page.indexOf("/")) : "";
  return folders.has(folder) ? folder : "";
}

function itemOf(page) {
  return { text: titleOf(page), link: page === "index" ? "/" : `/${page}` };
}

/** The title of a page: its first heading, without marks. */
export function titleOf(page) {
  const file = join(docs, `${page}.md`);
  const [, title] = (existsSync(file) && /^# (.+)$/m.exec(readFileSync(file, "utf8"))) || [];
  if (title === undefined) throw new Error(`docs/${page}.md has no title: begin it with "# …"`);
  return title.replaceAll("`", "");
}
