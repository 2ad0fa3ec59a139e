/** What `sessgen doctor` finds besides what other commands find, too. Keep sorted. */
export const doctorErrors = {
  "doctor/answer-failed": {
    severity: "error",
    exit: "backend",
    why: "The application answered with an error of its own: 503 is what it says while the store is out of reach.",
    fix: "See the application's log.",
  },
  "doctor/clock-skew": {
    severity: "warning",
    exit: "drift",
    why: "The clock of the server that answered and this machine's are more than a few seconds apart: cookies and sessions end too early or too late.",
    fix: "Synchronise the clocks (NTP).",
  },
  "doctor/cookie-cacheable": {
    severity: "warning",
    exit: "drift",
    why: "An answer that sets a session cookie may be kept by a cache, and given to somebody else with the cookie in it.",
    fix: "Let the answer's `Cache-Control: no-store` or `private` pass: something between the application and here removes or replaces it.",
  },
  "doctor/cookie-dropped": {
    severity: "error",
    exit: "drift",
    why: "Browsers do not keep such a cookie from such an address: every request begins a new session.",
    fix: "Change the address or the cookie as the message says.",
  },
  "doctor/cookie-forgotten": {
    severity: "error",
    exit: "drift",
    why: "The cookie was sent back at once, and the answer began another session: the process that answered does not know what the first one stored, or does not accept its signature.",
    fix: "Let all processes have the same backend, secrets and lock file; sessions in memory are known to one process only.",
  },
  "doctor/cookie-insecure": {
    severity: "error",
    exit: "drift",
    why: "The request came over TLS, and the cookie may go over plain HTTP, where anybody on the way reads it: behind a proxy, the application does not know of TLS.",
    fix: "Tell the framework which proxy it can believe (`trust proxy` of Express, `trustProxy` elsewhere) and let that send X-Forwarded-Proto; or set `cookie.secure` to true.",
  },
  "doctor/cookie-weak": {
    severity: "warning",
    exit: "drift",
    why: "The cookie that arrived lacks what protects it from scripts or from other sites.",
    fix: "Look at `cookie` of the config, and at what stands between the application and here.",
  },
  "doctor/env-missing": {
    severity: "error",
    exit: "config",
    why: "The application reads these variables when it starts, and this environment does not have them.",
    fix: "Set them for the application; if a file such as .env has them, run `node --env-file=.env node_modules/.bin/sessgen doctor`.",
  },
  "doctor/no-cookie": {
    severity: "warning",
    exit: "drift",
    why: "Nothing is stored and no cookie is set until a request changes its session; or the glue is not used for this address.",
    fix: "Name an address whose GET changes the session, and see that the application uses the emitted glue there.",
  },
  "doctor/runtime-missing": {
    severity: "error",
    exit: "config",
    why: "The emitted code imports @sessgen/runtime wherever the application runs.",
    fix: "Run `npm install @sessgen/runtime` in the project: among `dependencies`, for development alone it is not enough.",
  },
  "doctor/tsconfig-loose": {
    severity: "warning",
    exit: "config",
    why: "Without strictNullChecks the compiler does not tell a field that may be absent from one that is there.",
    fix: 'Set `"strict": true` in the tsconfig.',
  },
  "doctor/unreachable": {
    severity: "error",
    exit: "backend",
    why: "Nobody answered at that address, or not as it was asked: over TLS for https, without for http.",
    fix: "Start the application, and correct the address: https or http, host, and port.",
  },
  "doctor/untrusted-certificate": {
    severity: "error",
    exit: "drift",
    why: "Somebody answered, with a certificate that Node does not trust: it has expired, is for another name, or nobody known to Node has signed it.",
    fix: "Renew it, or correct the address. If an authority of your own signed it, as for development, name that: `NODE_EXTRA_CA_CERTS=ca.pem npx sessgen doctor --url …`; a certificate that signed itself is its own.",
  },
  "doctor/versions-differ": {
    severity: "warning",
    exit: "config",
    why: "What sessgen emits calls the runtime of its own version.",
    fix: "Install the same version of both.",
  },
} as const;
