import type { Framework } from "../framework.js";
import { replaceOnce } from "../wiring.js";

/** What `nest new` has in app.module.ts, before and after the place of an import. */
const LAST_IMPORT = "import { AppService } from './app.service';\n";
const IMPORTS = "@Module({\n  imports: [],\n";

/** NestJS 11, on Express and on Fastify. */
export const nest: Framework = {
  name: "nest",
  packages: ["@nestjs/core"],
  signs: ["nest-cli.json"],
  // What it runs on.
  covers: ["express", "fastify"],
  wiring: () => [
    {
      file: "src/app.module",
      lines: (glue) => `import { SessionModule } from "${glue}";

@Module({ imports: [SessionModule.forRoot()] })
`,
      starter: {
        adds: "SessionModule.forRoot()",
        edit: (text, glue) =>
          text.includes("SessionModule")
            ? undefined
            : replaceOnce(text, [
                [LAST_IMPORT, `${LAST_IMPORT}import { SessionModule } from '${glue}';\n`],
                [IMPORTS, "@Module({\n  imports: [SessionModule.forRoot()],\n"],
              ]),
      },
    },
    {
      // The config beside `src` would move dist/main.js to dist/src/main.js.
      file: "tsconfig.build.json",
      members: [
        { path: ["compilerOptions", "rootDir"], value: "src" },
        { path: ["include"], value: ["src"] },
      ],
      lines: () => `"compilerOptions": { "rootDir": "src" },
"include": ["src"]
`,
    },
  ],
  reserved: ["attachSession"],
};
