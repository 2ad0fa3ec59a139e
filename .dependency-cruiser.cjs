// Who may import whom; ARCHITECTURE.md says why. `npm run guards:imports` checks it. Imports of types count too: a type
// that two layers need stands in the lower one.

/** The layers of the runtime, lowest first: each imports what stands before it, and itself. */
const runtimeLayers = [
  "errors",
  "environment",
  "time",
  "crypto",
  "checks",
  "codec",
  "stores",
  "cookie",
  "transports",
  "session",
  "http",
];

/** What stands on top of the layers; nothing imports these but the package's `exports`. */
const runtimeTop = ["error-fixes", "adapters", "testing", "opentelemetry", "env"];

/** What an application may choose to install: loaded when a store is first used, never before. */
const drivers = Object.keys(require("./runtime/package.json").peerDependencies);

/** A pattern for these folders of `src`, or files of the same names. */
function within(package_, names) {
  return `^${package_}/src/(?:${names.join("|")})(?:/|\\.ts$)`;
}

/** A pattern for these packages, wherever they are installed; for those without types, as they are written. */
function packages(names) {
  return `(?:^|node_modules/)(?:@types/)?(?:${names.join("|")})(?:/|$)`;
}

const layers = runtimeLayers.map((layer, index) => ({
  name: `runtime-layer-${layer}`,
  comment: `${layer} imports ${index === 0 ? "nothing" : `only ${runtimeLayers.slice(0, index).join(", ")}`}.`,
  severity: "error",
  from: { path: within("runtime", [layer]) },
  to: { path: "^runtime/src/", pathNot: within("runtime", runtimeLayers.slice(0, index + 1)) },
}));

/** The rule that what stands in one folder of the generator does not import what stands in others. */
function generatorRule(name, comment, from, to) {
  return {
    name: `generator-${name}`,
    comment,
    severity: "error",
    from: { path: from },
    to: { path: to },
  };
}

module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      comment: "Two files that need each other are one, or miss a third below them.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "resolvable",
      comment: "What is imported is there, and declared in a package.json.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: packages(drivers) },
    },

    ...layers,
    {
      name: "runtime-has-only-layers",
      comment: "A folder of the runtime is a layer, or stands on top of them; its place is in this file.",
      severity: "error",
      from: { path: "^runtime/src/index\\.ts$" },
      to: { path: "^runtime/src/", pathNot: within("runtime", [...runtimeLayers, ...runtimeTop]) },
    },
    {
      name: "runtime-top",
      comment: "Adapters, testing and OpenTelemetry know the layers, not each other.",
      severity: "error",
      from: { path: `^runtime/src/(${runtimeTop.join("|")})/` },
      to: { path: within("runtime", runtimeTop), pathNot: "^runtime/src/$1/" },
    },
    {
      name: "runtime-stores-are-strangers",
      comment: "A store knows the contract and what is shared, no other store.",
      severity: "error",
      from: { path: "^runtime/src/stores/([^/]+)/", pathNot: "^runtime/src/stores/shared/" },
      to: { path: "^runtime/src/stores/[^/]+/", pathNot: "^runtime/src/stores/(?:shared|$1)/" },
    },
    {
      name: "runtime-shares-no-store",
      comment: "What stores share depends on none of them.",
      severity: "error",
      from: { path: "^runtime/src/stores/(?:shared/|[^/]+\\.ts$)" },
      to: { path: "^runtime/src/stores/[^/]+/", pathNot: "^runtime/src/stores/shared/" },
    },
    {
      name: "runtime-drivers-are-lazy",
      comment: "Drivers are optional: types of theirs, or `await import()` where the store first needs one.",
      severity: "error",
      // Whoever imports `@sessgen/runtime/opentelemetry` has chosen OpenTelemetry's API.
      from: { path: "^runtime/src/", pathNot: "^runtime/src/opentelemetry/" },
      to: {
        path: packages(drivers),
        dynamic: false,
        dependencyTypesNot: ["type-only", "type-import"],
      },
    },
    {
      name: "runtime-without-the-generator",
      comment: "The runtime goes to production: no generator, no compiler, no schema.",
      severity: "error",
      from: { path: "^runtime/src/" },
      to: {
        path: `^generator/|${packages(["sessgen", "zod", "zod-3", "typescript", "ts-morph", "handlebars"])}`,
      },
    },

    {
      name: "generator-takes-the-runtime-by-name",
      comment: "`@sessgen/runtime`, never a path: what is not exported is not for the generator either.",
      severity: "error",
      from: { path: "^generator/" },
      to: { path: "^runtime/src/" },
    },
    {
      name: "generator-without-typescript",
      comment: "TypeScript 7 has no compiler API; ts-morph brings its own.",
      severity: "error",
      from: { path: "^generator/src/" },
      to: { path: packages(["typescript"]) },
    },
    generatorRule(
      "errors-first",
      "The registry of errors stands below everything.",
      within("generator", ["errors"]),
      "^generator/src/(?!errors)",
    ),
    {
      name: "generator-cli-last",
      comment: "Only the entries know the command line; what a command runs in is handed down, as types.",
      severity: "error",
      from: { path: "^generator/src/(?!bundlers/|cli/|bin\\.ts$)" },
      to: { path: "^generator/src/cli/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "generator-cli-shows-contracts",
      comment: "Of the command line's types, those of its input and output.",
      severity: "error",
      from: { path: "^generator/src/(?!bundlers/|cli/|bin\\.ts$)" },
      to: { path: "^generator/src/cli/", pathNot: "^generator/src/cli/(?:io|report)\\.ts$" },
    },
    generatorRule(
      "config-knows-no-backend",
      "The config takes the catalog and its contracts; what one backend is, the backend says.",
      within("generator", ["config"]),
      "^generator/src/(?:backends/(?!sql/dialect\\.ts$)[^/]+/|frameworks/[^/]+/|emit/|live/|lock/|output/)",
    ),
    generatorRule(
      "frameworks-know-no-backend",
      "Glue is the same for every backend.",
      within("generator", ["frameworks"]),
      "^generator/src/(?:backends|live)/|^generator/src/output/(?!artifact\\.ts$)",
    ),
    generatorRule(
      "model-is-pure",
      "The model follows from the config alone.",
      within("generator", ["model"]),
      "^generator/src/(?:emit|live|lock|output|backends/[^/]+)/",
    ),
    generatorRule(
      "lock-is-pure",
      "The lock follows from the model and the lock before it.",
      within("generator", ["lock"]),
      "^generator/src/(?:emit|live|output|backends|frameworks)/",
    ),
    generatorRule(
      "code-prints",
      "The printer knows nothing of sessions.",
      within("generator", ["code"]),
      "^generator/src/(?:config|model|lock|emit|live|output|backends|frameworks)/",
    ),
    generatorRule(
      "emit-is-pure",
      "Emitters turn a model into text: no live system, no disk.",
      within("generator", ["emit"]),
      "^generator/src/live/|^generator/src/backends/(?!shared/)[^/]+/",
    ),
    generatorRule(
      "changes-compare-locks",
      "What changes mean follows from two locks: no emitter, no backend, no running system.",
      within("generator", ["changes"]),
      "^generator/src/(?:emit|live|backends|frameworks)/",
    ),
    generatorRule(
      "live-knows-no-backend",
      "Commands on running backends are handed a descriptor.",
      within("generator", ["live"]),
      "^generator/src/(?:backends/(?!shared/)[^/]+/|output/write\\.ts)",
    ),
    {
      name: "generator-backends-are-strangers",
      comment: "A backend knows what is shared and the SQL dialects' folder, no other backend.",
      severity: "error",
      from: { path: "^generator/src/backends/([^/]+)/", pathNot: "^generator/src/backends/(?:shared|sql)/" },
      to: { path: "^generator/src/backends/[^/]+/", pathNot: "^generator/src/backends/(?:shared|sql|$1)/" },
    },
    {
      name: "generator-backends-share-downwards",
      comment: "What backends share depends on none of them.",
      severity: "error",
      from: { path: "^generator/src/backends/(?:shared|sql)/" },
      to: { path: "^generator/src/backends/[^/]+/", pathNot: "^generator/src/backends/(?:shared|sql)/" },
    },
    {
      name: "generator-zod-4-without-zod-3",
      comment: "The adapter for Zod 3 translates to Zod 4 where it can; when it goes, nothing else changes.",
      severity: "error",
      from: { path: "^generator/src/", pathNot: "^generator/src/model/(?:zod/)?(?:v3|zod3)/" },
      to: {
        path: "^generator/src/model/(?:zod/)?(?:v3|zod3)/",
        // The one place that chooses.
        pathNot: "/index\\.ts$",
      },
    },
    {
      name: "generator-drivers-are-lazy",
      comment: "`npx sessgen` needs no driver; commands on a live backend import its own.",
      severity: "error",
      from: { path: "^generator/src/" },
      to: {
        path: packages(drivers),
        dynamic: false,
        dependencyTypesNot: ["type-only", "type-import"],
      },
    },
    {
      name: "generator-handlebars-in-one-place",
      comment: "Templates are rendered by one file, which is loaded when one is needed.",
      severity: "error",
      from: { path: "^generator/src/", pathNot: "^generator/src/code/" },
      to: { path: packages(["handlebars"]) },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules|/dist/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["types", "import", "node", "default"],
    },
  },
};
