/** How many there are to be gone through, as far as a backend can tell. */
export interface Total {
  readonly count: number;
  /**
   * It was counted, and not guessed: from what a server says of itself, or of all that it holds.
   */
  readonly exact: boolean;
}

/** What {@link progressOf} is told. */
export interface ProgressOptions {
  /** Tells a human a line, every few seconds. */
  say(line: string): void;
  /** `sessions` */
  readonly what: string;
  /** Nothing: nobody knows. */
  readonly total?: Total | undefined;
  /** How many were gone through before, by a run that was interrupted. */
  readonly before?: number;
  /** Milliseconds between two lines. Default 2000. */
  readonly every?: number;
  readonly clock?: () => number;
}

/** Says how far something is that takes long. */
export interface Progress {
  /** Counts what was gone through; says a line if the last one is old. */
  add(count: number, more?: string): void;
  /** Gives the line. */
  line(more?: string): string;
  /** How many were gone through, those before included. */
  readonly done: number;
  /** Milliseconds that the rest will take, by the speed so far; `undefined`: nobody knows. */
  readonly left: number | undefined;
}

/** Makes one, which begins now. */
export function progressOf(options: ProgressOptions): Progress {
  const { say, what, total, before = 0, every = 2000, clock = Date.now } = options;
  const began = clock();
  let said = began;
  let done = before;
  const progress: Progress = {
    get done() {
      return done;
    },
    get left() {
      const speed = (done - before) / (clock() - began);
      if (total === undefined || !(speed > 0) || !Number.isFinite(speed)) return undefined;
      return Math.max(0, total.count - done) / speed;
    },
    add(count, more) {
      done += count;
      if (clock() - said < every) return;
      said = clock();
      say(progress.line(more));
    },
    line(more) {
      const { left } = progress;
      const of = total === undefined ? "" : ` of ${total.exact ? "" : "about "}${textOf(total.count)}`;
      const rest = left === undefined ? "" : `, ${durationOf(left)} left`;
      return `${textOf(done)}${of} ${what}${more === undefined ? "" : `, ${more}`}${rest}`;
    },
  };
  return progress;
}

function textOf(count: number): string {
  return count.toLocaleString("en");
}

/** Rounded up, as nobody can say more: `about 3 minutes`. */
function durationOf(milliseconds: number): string {
  for (const [unit, size] of [
    ["hour", 3_600_000],
    ["minute", 60_000],
  ] as const) {
    if (milliseconds >= size) return countOf(Math.ceil(milliseconds / size), unit);
  }
  return countOf(Math.max(1, Math.ceil(milliseconds / 1000)), "second");
}

function countOf(count: number, unit: string): string {
  return `about ${count} ${unit}${count === 1 ? "" : "s"}`;
}
