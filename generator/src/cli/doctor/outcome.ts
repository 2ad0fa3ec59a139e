import {
  type Envelope,
  envelopeOf,
  type GeneratorErrorCode,
  SessgenError,
  SessgenErrors,
} from "../../errors.js";

/** What a look at one thing has found. */
export interface Outcome {
  /** What is well, or why nobody looked. */
  readonly summary: string;
  readonly problems?: readonly Envelope[];
  /** Nobody looked. */
  readonly skipped?: true;
}

/** Makes an outcome of what there was no way to look at. */
export function skipped(summary: string): Outcome {
  return { summary, skipped: true };
}

/** Makes an outcome of a single problem. */
export function problem(
  code: GeneratorErrorCode,
  summary: string,
  detail: Parameters<typeof envelopeOf>[2] = {},
): Outcome {
  return { summary, problems: [envelopeOf(code, summary, detail)] };
}

/** Looks at one thing; what stops it is what it has found. */
export async function outcomeOf(look: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await look();
  } catch (error) {
    const errors: readonly unknown[] = error instanceof SessgenErrors ? error.errors : [error];
    const known = errors.filter((one) => one instanceof SessgenError);
    // A bug of ours is not a problem of the project.
    if (known.length < errors.length) throw error;
    const [first] = known;
    return { summary: first?.envelope.summary ?? "", problems: known.map(({ envelope }) => envelope) };
  }
}
