import type { Framework } from "../framework.js";

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
