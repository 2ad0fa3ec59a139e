import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Counts, Plan, ToParent, ToWorker } from "./messages.js";
import { Random } from "./random.js";
import { type Answer, TicketOffice } from "./tickets.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const worker = fileURLToPath(new URL("worker.ts", import.meta.url));

/** A process that is to be killed is, after at least so many requests, and at most so many more. */
const LIFE = { least: 20, more: 60 };

/** What a crew has to bear with. */
export interface Conditions {
  /** How often each process is killed and replaced. */
  readonly clientKills: number;
  /** Is told of every request as it begins. */
  onRequest(): void;
  /** Is waited for before the last reads. */
  calm(): Promise<void>;
}

/**
 * Runs a process for each plan; they hand each other their tickets.
 * @returns what they counted, as far as processes lived to tell
 */
export async function runCrew(plans: readonly Plan[], conditions: Conditions): Promise<Counts> {
  const office = new TicketOffice();
  const posts: Post[] = plans.map(
    (plan) =>
      new Post(plan, conditions, office, (message, from) => {
        for (const other of posts) if (other !== from) other.send(message);
      }),
  );
  try {
    const counts = await Promise.all(posts.map((post) => post.run()));
    await conditions.calm();
    await Promise.all(posts.map((post) => post.settle()));
    return counts.reduce((sum, each) => ({
      conflicts: sum.conflicts + each.conflicts,
      failures: sum.failures + each.failures,
      rewritten: sum.rewritten + each.rewritten,
    }));
  } finally {
    for (const post of posts) post.stop();
  }
}

/** One process after the other that does what a plan says. */
class Post {
  readonly #plan: Plan;
  readonly #conditions: Conditions;
  readonly #office: TicketOffice;
  readonly #tell: (message: ToWorker, from: Post) => void;
  readonly #random: Random;
  /** Where the process was told to begin a session. */
  #beginning = new Set<number>();
  #member: Member;

  constructor(
    plan: Plan,
    conditions: Conditions,
    office: TicketOffice,
    tell: (message: ToWorker, from: Post) => void,
  ) {
    this.#plan = plan;
    this.#conditions = conditions;
    this.#office = office;
    this.#tell = tell;
    this.#random = new Random(plan.seed + plan.process);
    this.#member = this.#fill();
  }

  /** @returns what was counted, when all requests have been sent */
  async run(): Promise<Counts> {
    const { clientKills } = this.#conditions;
    for (let generation = 0; generation < clientKills; generation += 1) {
      const life = LIFE.least + this.#random.below(LIFE.more);
      await this.#member.runUntil(life, { ...this.#plan, generation, requests: Number.MAX_SAFE_INTEGER });
      await this.#member.kill();
      this.#member = this.#fill();
    }
    return this.#member.run({ ...this.#plan, generation: clientKills });
  }

  settle(): Promise<void> {
    return this.#member.settle();
  }

  send(message: ToWorker): void {
    this.#member.send(message);
  }

  stop(): void {
    this.#member.stop();
  }

  #fill(): Member {
    // What the process before was about to begin, somebody else has to.
    for (const place of this.#beginning) this.#office.failed(place);
    this.#beginning = new Set();
    const member = new Member();
    member.onMessage = (message) => {
      if (message.type === "ask") {
        const { question, place, stale } = message;
        this.#office.ask(place, stale, (answer) => this.#answer(member, question, place, answer));
      } else if (message.type === "failed") {
        this.#beginning.delete(message.place);
        this.#office.failed(message.place);
      } else if (message.type === "ticket") {
        this.#beginning.delete(message.ticket.place);
        this.#office.put(message.ticket);
        this.#tell(message, this);
      } else if (message.type === "request") this.#conditions.onRequest();
    };
    return member;
  }

  #answer(member: Member, question: number, place: number, answer: Answer): void {
    if (!member.isAlive) {
      if (answer === "create") this.#office.failed(place);
      return;
    }
    if (answer === "create") this.#beginning.add(place);
    member.send({ type: "answer", question, answer });
  }
}

/** The parent's end of one process. */
class Member {
  onMessage: (message: ToParent) => void = () => {};
  isAlive = true;
  readonly #process: ChildProcess = fork(worker, { cwd: root, execArgv: ["--import", "tsx"] });
  readonly #ended: Promise<never>;

  constructor() {
    this.#process.on("message", (message: ToParent) => this.onMessage(message));
    this.#ended = new Promise((_, reject) => {
      this.#process.once("error", reject);
      this.#process.once("exit", (code, signal) => reject(new Error(`A process ended: ${signal ?? code}`)));
    });
    this.#ended.catch(() => {});
  }

  /** @returns what was counted, when all requests have been sent */
  run(plan: Plan): Promise<Counts> {
    const done = this.#wait("done");
    this.send({ type: "start", plan });
    return done;
  }

  /** Runs until so many requests have begun. */
  async runUntil(requests: number, plan: Plan): Promise<void> {
    const begun = this.#wait("request", requests);
    this.send({ type: "start", plan });
    await begun;
  }

  async settle(): Promise<void> {
    const settled = this.#wait("settled");
    this.send({ type: "settle" });
    await settled;
  }

  send(message: ToWorker): void {
    if (this.isAlive && this.#process.connected) this.#process.send(message, () => {});
  }

  /** Ends it in whatever it is doing; what it has sent until then arrives. */
  async kill(): Promise<void> {
    this.isAlive = false;
    const disconnected = new Promise((resolve) => this.#process.once("disconnect", resolve));
    this.stop();
    await Promise.all([this.#ended.catch(() => {}), disconnected]);
  }

  stop(): void {
    this.#process.kill("SIGKILL");
  }

  #wait<Type extends ToParent["type"]>(type: Type, count = 1): Promise<Extract<ToParent, { type: Type }>> {
    const received = new Promise<Extract<ToParent, { type: Type }>>((resolve) => {
      let left = count;
      this.#process.on("message", (message: ToParent) => {
        if (message.type !== type) return;
        left -= 1;
        if (left === 0) resolve(message as Extract<ToParent, { type: Type }>);
      });
    });
    return Promise.race([received, this.#ended]);
  }
}
