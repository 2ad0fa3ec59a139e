/** What goes wrong with a running backend, whatever the command. Keep sorted. */
export const backendErrors = {
  "backend/elsewhere": {
    severity: "error",
    exit: "config",
    why: "This backend keeps sessions in the memory of the application or in the cookies of its users, where no command can look.",
    fix: "Name another backend with --environment, or do it in the application; sessions in cookies end all at once when their secrets change.",
  },
  "backend/failed": {
    severity: "error",
    exit: "backend",
    why: "The backend was reached, and refused.",
    fix: "See the message; --verbose shows the underlying error.",
  },
  "backend/missing-driver": {
    severity: "error",
    exit: "backend",
    why: "The backend needs a package that is not installed in the project.",
    fix: "Install the package that the message names.",
  },
  "backend/missing-file": {
    severity: "error",
    exit: "backend",
    why: "Nothing was stored there yet, or the application is started in another folder: a relative path is relative to the config here, and to the working folder there.",
    fix: "Run `npx sessgen migrate`, or give the path as an absolute one.",
  },
  "backend/no-listing": {
    severity: "error",
    exit: "config",
    why: "The keys of this backend are hashed, or it has no way to go through them: Memcached, files, LMDB, Keyv, unstorage and express-session stores.",
    fix: "Nothing needs to be done: each session is written anew when its user changes something, and the others end by themselves.",
  },
  "backend/not-migrated": {
    severity: "error",
    exit: "backend",
    why: "The table or collection that sessions are kept in is missing, or has another form than the config asks for.",
    fix: "Run `npx sessgen migrate`.",
  },
  "backend/no-address": {
    severity: "error",
    exit: "config",
    why: "The application brings a client of its own, which commands cannot use; they need an address to connect to.",
    fix: "Give the backend `url` (or `nodes`, `servers`) besides `client`: only the commands of sessgen use it then.",
  },
  "backend/no-database": {
    severity: "error",
    exit: "backend",
    why: "The server was reached, and has no database of the name that the address gives.",
    fix: "Correct the database's name in the address, or create it: `sessgen migrate` makes tables, and no database.",
  },
  "backend/unavailable": {
    severity: "error",
    exit: "backend",
    why: "The backend could not be reached, or it refused the credentials.",
    fix: "Check that it runs, its address, and the credentials.",
  },
} as const;
