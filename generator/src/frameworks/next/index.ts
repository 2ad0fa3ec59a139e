import type { Framework } from "../framework.js";
import type { WiredProject, Wiring } from "../wiring.js";

/** Next.js 15.1 and later, App Router. */
export const next: Framework = {
  name: "next",
  // The proxy is a file of its own: it is bundled without what pages need.
  files: ["next.ts", "next-proxy.ts"],
  packages: ["next"],
  // A file of wrangler's may be its own.
  covers: ["fetch"],
  signs: ["next.config."],
  wiring: (project) => {
    const { has } = project;
    const app = `${has("src") || !has("app") ? "src/" : ""}app`;
    return [
      ...(isStarter(project, app) ? [firstRoute(app)] : []),
      {
        file: `${app}/page`,
        lines: (glue) => `import { session } from "${glue}";

const { visits } = await session(); // in a page; sessionAction and sessionRoute change it
`,
      },
    ];
  },
  // Pages, Route Handlers and the proxy.
  bundled: true,
  reserved: ["after", "cache", "cookies", "headers", "nextServer", "nextProxy"],
};

/**
 * Says whether the application is as create-next-app made it: its page links to where it is from.
 */
function isStarter({ read }: WiredProject, app: string): boolean {
  return ["tsx", "js"].some((ending) =>
    read(`${app}/page.${ending}`)?.includes("utm_source=create-next-app"),
  );
}

/** A page cannot set a cookie: the first session of a new application begins in a Route Handler. */
function firstRoute(app: string): Wiring {
  const text = (glue: string): string => `import { sessionRoute } from "${glue}";

export const GET = sessionRoute((session) => Response.json({ visits: (session.visits += 1) }));
`;
  return { file: `${app}/visits/route`, text, lines: text };
}
