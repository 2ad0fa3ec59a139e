/** What may be a class, a code of an error or a system's word, and holds no data. */
const word = /^[\w$.-]{1,64}$/;

/** How deep the causes of causes are followed. */
const DEPTH = 4;

/**
 * Gives what is safe to show of an error of a driver: its name, code and errno, and those of its
 * causes. Messages quote values (`Duplicate entry '…'`, `Key (…)=(…) already exists`), and some
 * errors carry the whole command, with the session in it.
 *
 * @returns a fresh error; `undefined` for what is none
 */
export function plainCause(error: unknown, depth: number = DEPTH): Error | undefined {
  if (typeof error !== "object" || error === null || depth === 0) return undefined;
  const { name, code, errno, errors, cause } = error as Readonly<Record<string, unknown>>;
  const known = shown(code) ?? replyOf(error);
  const number = typeof errno === "number" ? errno : undefined;
  const message = String(known ?? number ?? "");
  const causes = Array.isArray(errors)
    ? errors.flatMap((one) => plainCause(one, depth - 1) ?? [])
    : undefined;
  const inner = plainCause(cause, depth - 1);
  const options = inner && { cause: inner };
  const plain =
    causes === undefined ? new Error(message, options) : new AggregateError(causes, message, options);
  const called = typeof name === "string" && word.test(name) ? name : "Error";
  // Not to be listed, as in any error.
  Object.defineProperty(plain, "name", { value: called });
  plain.stack = message === "" ? called : `${called}: ${message}`;
  return Object.assign(
    plain,
    known !== undefined && { code: known },
    number !== undefined && { errno: number },
  );
}

/** Finds what the system called the failure, such as ECONNREFUSED, in an error or its causes. */
export function systemWordOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const { code, errors, cause } = error as Readonly<Record<string, unknown>>;
  if (typeof code === "string" && /^E(?!RR_|R_)[A-Z]{3,}$/.test(code)) return code;
  const inner: readonly unknown[] = [...(Array.isArray(errors) ? errors : []), cause];
  for (const one of inner) {
    const word = systemWordOf(one);
    if (word !== undefined) return word;
  }
  return undefined;
}

function shown(code: unknown): string | number | undefined {
  return typeof code === "number" || (typeof code === "string" && word.test(code)) ? code : undefined;
}

/** Redis has no codes but the first word of what it says. */
function replyOf(error: object): string | undefined {
  if (!(error instanceof Error) || !/^(?:ReplyError|ErrorReply|SimpleError)$/.test(error.constructor.name))
    return undefined;
  return /^[A-Z]{2,20}\b/.exec(error.message)?.[0];
}
