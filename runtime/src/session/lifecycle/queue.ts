import { afterInput } from "../../time/after-input.js";
import type { StoredState } from "../state/stored-state.js";
import { Group, type Part } from "./group.js";

/**
 * Does what somebody stood in line for.
 * @param ahead - what the one before has stored, if that is known
 * @returns what it has stored itself, if that is known
 */
export type Operate = (ahead: StoredState | undefined) => Promise<StoredState | undefined>;

/**
 * How it ended for a commit that stood in line: it is done, for which each has its own word; its
 * time was over before its turn came (`late`); or it was written together with others, and the
 * answer is missing (`unclear`).
 */
export type Turn<Done> = Done | "late" | "unclear";

/** What a commit that waits is to do. */
export interface Wish {
  readonly operate: Operate;
  /** What can be written together with others'; `undefined`: nothing. */
  readonly part: Part | undefined;
  /** When it stops waiting, by `performance.now()`. */
  readonly until: number;
}

/** A commit that waits, and how its caller is told. */
interface Waiting extends Wish {
  /**
   * Acts for it in the asynchronous context of its own request, not of the one that makes way:
   * there, applications keep what they log and trace by (`AsyncLocalStorage`).
   */
  readonly enter: (act: () => void) => void;
  readonly settle: (turn: Turn<"done">) => void;
  readonly fail: (error: unknown) => void;
}

/** A commit that can be written together with others. */
type Joining = Waiting & { readonly part: Part };

/** What is the same for all sessions. */
interface Rules {
  readonly patience: number;
  leave(key: string): void;
}

/** At most so many are written as one: nothing else is served while they are put together. */
const MOST = 64;

/** The commits of one session. */
export class Queue {
  readonly #rules: Rules;
  readonly #key: string;
  /** What is under way, unless it was overtaken. */
  #running: object | undefined;
  /** What is under way, where it is several that are written as one. */
  #group: Group<Joining> | undefined;
  /** Made when the first one waits: mostly nobody comes. */
  #waiting: Map<Waiting, NodeJS.Timeout> | undefined;
  #overtaking: NodeJS.Timeout | undefined;

  constructor(rules: Rules, key: string) {
    this.#rules = rules;
    this.#key = key;
  }

  /** Operates, as nearly always: there is nobody to wait for. */
  begin<Done>(operate: Operate, done: Done): Promise<Turn<Done>> {
    const operation = operate(undefined);
    this.#running = operation;
    return operation.then(
      (stored) => {
        this.#ended(operation, stored);
        return done;
      },
      (error: unknown) => {
        this.#ended(operation, undefined);
        throw error;
      },
    );
  }

  /** Operates when those before are done, alone or with others. */
  wait<Done>({ operate, part, until }: Wish, done: Done): Promise<Turn<Done>> {
    return new Promise((resolve, fail) => {
      const settle = (turn: Turn<"done">): void => resolve(turn === "done" ? done : turn);
      const entered = new Promise<() => void>((enter) => {
        this.#add({ operate, part, until, enter, settle, fail });
      });
      void entered.then((act) => act());
      this.#watch();
    });
  }

  /**
   * Lets the next one begin, whatever becomes of what is under way, unless that turns out to have
   * ended.
   */
  overtakeLater(): void {
    const running = this.#running;
    afterInput(() => {
      if (this.#running === running) this.#overtake();
    });
  }

  #overtake(): void {
    this.#overtaking = undefined;
    this.#running = undefined;
    const others = this.#group?.leave() ?? [];
    this.#group = undefined;
    this.#putBack(others);
    this.#proceed(undefined);
  }

  /** Lets a commit go whose time is over. */
  giveUp(waiting: Waiting): void {
    this.#waiting?.delete(waiting);
    waiting.settle("late");
  }

  #add(waiting: Waiting): void {
    this.#waiting ??= new Map();
    const time = Math.max(0, waiting.until - performance.now());
    this.#waiting.set(waiting, setTimeout(giveUp, time, this, waiting));
  }

  /** Has them wait in front of all others. */
  #putBack(several: readonly Waiting[]): void {
    if (several.length === 0) return;
    const behind = this.#waiting ?? [];
    this.#waiting = new Map();
    for (const waiting of several) this.#add(waiting);
    for (const [waiting, timer] of behind) this.#waiting.set(waiting, timer);
  }

  /** Limits the time of what is under way, once something waits for it. */
  #watch(): void {
    this.#overtaking ??= setTimeout(overtake, this.#rules.patience, this);
  }

  #ended(running: object, stored: StoredState | undefined): void {
    // What was overtaken holds nothing up any more.
    if (this.#running !== running) return;
    clearTimeout(this.#overtaking);
    this.#overtaking = undefined;
    this.#running = undefined;
    this.#group = undefined;
    this.#proceed(stored);
  }

  #proceed(ahead: StoredState | undefined): void {
    const several = this.#take(ahead);
    const [first] = several;
    if (first === undefined) return this.#rules.leave(this.#key);
    const parts = several.filter(hasPart);
    const [leader, second] = parts;
    if (ahead !== undefined && leader !== undefined && second !== undefined)
      this.#group = this.#together(parts, leader, ahead);
    this.#running = this.#group ?? this.#alone(first, ahead);
    if (this.#group !== undefined || (this.#waiting?.size ?? 0) > 0) this.#watch();
  }

  /** Takes the first that waits, and those behind it that can be written as one with it. */
  #take(ahead: StoredState | undefined): readonly Waiting[] {
    const taken: Waiting[] = [];
    for (const [waiting, timer] of this.#waiting ?? []) {
      const isAlone = ahead === undefined || waiting.part === undefined;
      if (taken.length > 0 && (isAlone || taken.length === MOST)) break;
      clearTimeout(timer);
      this.#waiting?.delete(waiting);
      taken.push(waiting);
      if (isAlone) break;
    }
    return taken;
  }

  #alone(waiting: Waiting, ahead: StoredState | undefined): object {
    const running = {};
    waiting.enter(() => this.#operate(waiting, ahead, running));
    return running;
  }

  #operate({ operate, settle, fail }: Waiting, ahead: StoredState | undefined, running: object): void {
    operate(ahead).then(
      (stored) => {
        settle("done");
        this.#ended(running, stored);
      },
      (error: unknown) => {
        fail(error);
        this.#ended(running, undefined);
      },
    );
  }

  /** Acts for all in the context of the first. */
  #together(several: readonly Joining[], leader: Joining, ahead: StoredState): Group<Joining> {
    const group = new Group(several, ahead);
    leader.enter(() => {
      void group.run().then((result) => {
        if (result === "apart") this.#apart(group, leader, ahead);
        else this.#ended(group, result);
      });
    });
    return group;
  }

  /** Does what a group was to do one by one. */
  #apart(group: Group<Joining>, leader: Joining, ahead: StoredState): void {
    const [first, ...others] = group.left;
    this.#putBack(others);
    if (first === undefined) return this.#ended(group, undefined);
    const running = {};
    const act = (): void => this.#operate(first, ahead, running);
    // In its own context already.
    if (first === leader) act();
    else first.enter(act);
    if (this.#group !== group) return;
    this.#group = undefined;
    this.#running = running;
  }
}

/** Functions of their own: a closure for every timer would be more to make than the timer. */
function overtake(queue: Queue): void {
  queue.overtakeLater();
}

function giveUp(queue: Queue, waiting: Waiting): void {
  queue.giveUp(waiting);
}

function hasPart(waiting: Waiting): waiting is Joining {
  return waiting.part !== undefined;
}
