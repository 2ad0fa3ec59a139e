import { IndentationText, Project, StructureKind } from "ts-morph";
import { expect, it } from "vitest";
import { banner } from "../../src/code/banner.js";
import { CodeFile } from "../../src/code/code-file.js";

const project = new Project({
  useInMemoryFileSystem: true,
  manipulationSettings: { indentationText: IndentationText.TwoSpaces },
});

function printed(write: (file: CodeFile) => void, reserved?: ReadonlySet<string>): string {
  const file = new CodeFile({ project, StructureKind }, reserved);
  write(file);
  return file.print().slice(banner.length + 1);
}

it.each<[string, { given: (file: CodeFile) => void; want: string }]>([
  ["nothing", { given: () => {}, want: "export {};\n" }],
  [
    "what is used, once, packages first and types marked",
    {
      given: (file) => {
        file.useType("./types.js", "User");
        file.useType("zod", "ZodType");
        for (let times = 0; times < 2; times += 1) file.use("zod", "z");
      },
      want: 'import { type ZodType, z } from "zod";\nimport type { User } from "./types.js";\n',
    },
  ],
  [
    "what is used as a type first, and as a value later",
    {
      given: (file) => {
        file.useType("zod", "z");
        file.use("zod", "z");
      },
      want: 'import { z } from "zod";\n',
    },
  ],
  [
    "a default, and a module as a whole",
    {
      given: (file) => {
        file.use("./schema.js", "default", "schema");
        file.useAll("./merge.js", "merge");
      },
      want: 'import * as merge from "./merge.js";\nimport schema from "./schema.js";\n',
    },
  ],
])("a file imports %s", (_name, { given, want }) => {
  expect(printed(given)).toContain(want);
});

it("a name that is imported clashes with none that is declared", () => {
  const code = printed((file) => {
    const own = file.scope.declare("user");
    const theirs = file.use("./merge.js", "user");
    file.add(`export const both = [${own}, ${theirs}];`);
  });
  expect(code).toBe('import { user as user2 } from "./merge.js";\n\nexport const both = [user, user2];\n');
});

it("a reserved name is kept for what is imported by it", () => {
  const code = printed(
    (file) => {
      file.add(`export const ${file.scope.declare("isList")} = ${file.use("@sessgen/runtime", "isList")};`);
    },
    new Set(["isList"]),
  );
  expect(code).toBe('import { isList } from "@sessgen/runtime";\n\nexport const isList2 = isList;\n');
});

it("declarations that ts-morph prints stand where they were added", () => {
  const code = printed((file) => {
    file.add("const before = 1;");
    file.addInterface({ name: "User", properties: [{ name: "id", type: "string" }] });
    file.add("const after = 2;");
  });
  expect(code).toBe("const before = 1;\n\ninterface User {\n  id: string;\n}\n\nconst after = 2;\n");
});
