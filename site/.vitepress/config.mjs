// The site: `npm run docs:site`. Its pages are docs/, as they are on GitHub.
import { defineConfig } from "vitepress";
import { navigation } from "../pages.mjs";
import { checkAnchors } from "./anchors.mjs";
import { home } from "./home.mjs";
import { breaks } from "./markdown/breaks.mjs";
import { fileNames } from "./markdown/file-names.mjs";
import { repositoryLinks } from "./markdown/repository-links.mjs";

/** Gives headings the anchors that GitHub gives them: links in pages hold there and here. */
const slugify = (heading) =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, "")
    .replaceAll(" ", "-");

const repository = "https://github.com/sessgen/sessgen";

export default defineConfig({
  title: "sessgen",
  description: "Typed web sessions for TypeScript, generated from a Zod schema",
  lang: "en",
  srcDir: "../docs",
  outDir: "../.cache/site",
  cacheDir: "../.cache/vitepress",
  cleanUrls: false,
  lastUpdated: false,
  // A link to a page that is not there fails the build; one to a heading does so in checkAnchors.
  ignoreDeadLinks: false,
  buildEnd: ({ outDir }) => checkAnchors(outDir),
  transformPageData: (page) => {
    if (page.relativePath === "index.md") return { frontmatter: { ...page.frontmatter, ...home } };
    // Its table has a column for each library, and takes the room of the outline.
    if (page.relativePath === "compare.md") return { frontmatter: { ...page.frontmatter, aside: false } };
  },
  markdown: {
    anchor: { slugify },
    config: (md) => {
      md.use(breaks);
      md.use(fileNames);
      md.use(repositoryLinks, repository);
    },
  },
  themeConfig: {
    nav: [
      { text: "First steps", link: "/first-steps" },
      { text: "Options", link: "/config" },
      { text: "Errors", link: "/errors" },
      // Made of JSDoc, when these pages are built.
      { text: "API", link: "/api/index.html", target: "_self" },
    ],
    sidebar: navigation().map((group) => ({
      ...group,
      collapsed: ["Decisions", "How it works"].includes(group.text),
    })),
    outline: [2, 3],
    search: { provider: "local", options: { detailedView: true } },
    socialLinks: [{ icon: "github", link: repository }],
    editLink: { pattern: `${repository}/edit/main/docs/:path`, text: "Change this page" },
    docFooter: { prev: "Before", next: "Next" },
    footer: { message: "MIT" },
  },
});
