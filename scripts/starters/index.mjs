// Projects that `sessgen init` begins in, and what is then done by hand.
import { byHand } from "./by-hand.mjs";

/**
 * How each is made (`create`, `before`), what is added by hand as `init` says it (`files`, `edit`),
 * how it is compiled, and served.
 */
export const starters = {
  sveltekit: {
    create: "npx --yes sv create . --template minimal --types ts --no-add-ons --no-install",
    files: {
      "src/routes/visits/+server.ts": `import { json, type RequestHandler } from "@sveltejs/kit";

export const GET: RequestHandler = ({ locals: { session } }) => json({ visits: (session.visits += 1) });
`,
    },
    compile: "npx svelte-kit sync && npx tsc --noEmit && npm run build",
    serve: (port) => `npx vite dev --port ${port}`,
  },
  next: {
    create: "npx --yes create-next-app@latest . --ts --app --src-dir --yes --skip-install --disable-git",
    edit: {
      "src/app/page.tsx": (text) =>
        `import { session } from "../session/next";\n${text
          .replace(
            "export default function Home() {",
            "export default async function Home() {\n  const { visits } = await session();",
          )
          .replace("</main>", "<p>{visits}</p></main>")}`,
    },
    compile: "npx next typegen && npx tsc --noEmit",
    serve: (port) => `npx next dev --port ${port}`,
  },
  nest: {
    create:
      "npx --yes @nestjs/cli@11 new first --directory . --package-manager npm --skip-git --skip-install",
    files: {
      "src/visits.controller.ts": `import { Controller, Get } from "@nestjs/common";
import { Session } from "./session/nest";

@Controller("visits")
export class VisitsController {
  @Get()
  visits(@Session() session: Session): object {
    return { visits: (session.visits += 1) };
  }
}
`,
    },
    edit: {
      "src/app.module.ts": (text) =>
        `import { VisitsController } from "./visits.controller";\n${text.replace("controllers: [", "controllers: [VisitsController, ")}`,
    },
    compile: "npx nest build && npx tsc --noEmit",
    // Where `nest new` has it: the config beside `src` must not have moved it.
    serve: () => "node dist/main.js",
  },
  ...byHand,
};
