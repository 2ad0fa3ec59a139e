import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Plan, ToParent, ToWorker } from "./messages.js";
import { TicketOffice } from "./tickets.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const worker = fileURLToPath(new URL("worker.ts", import.meta.url));

/**
 * Runs a process for each plan; they hand each other their tickets.
 * @returns how many conflicts there were
 */
export async function runCrew(plans: readonly Plan[]): Promise<number> {
  const office = new TicketOffice();
  const crew = plans.map((plan) => ({ plan, member: new Member() }));
  for (const { member } of crew) {
    member.onMessage = (message) => {
      if (message.type === "ask") {
        const { question, place, stale } = message;
        office.ask(place, stale, (answer) => member.send({ type: "answer", question, answer }));
      } else if (message.type === "failed") office.failed(message.place);
      else if (message.type === "ticket") {
        office.put(message.ticket);
        for (const other of crew) if (other.member !== member) other.member.send(message);
      }
    };
  }
  try {
    const conflicts = await Promise.all(crew.map(({ plan, member }) => member.run(plan)));
    await Promise.all(crew.map(({ member }) => member.settle()));
    return conflicts.reduce((sum, each) => sum + each, 0);
  } finally {
    for (const { member } of crew) member.stop();
  }
}

/** The parent's end of one process. */
class Member {
  onMessage: (message: ToParent) => void = () => {};
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

  /** @returns the number of conflicts, when all requests have been sent */
  async run(plan: Plan): Promise<number> {
    const done = this.#wait("done");
    this.send({ type: "start", plan });
    return (await done).conflicts;
  }

  async settle(): Promise<void> {
    const settled = this.#wait("settled");
    this.send({ type: "settle" });
    await settled;
  }

  send(message: ToWorker): void {
    if (this.#process.connected) this.#process.send(message);
  }

  stop(): void {
    this.#process.kill("SIGKILL");
  }

  #wait<Type extends ToParent["type"]>(type: Type): Promise<Extract<ToParent, { type: Type }>> {
    const received = new Promise<Extract<ToParent, { type: Type }>>((resolve) => {
      this.#process.on("message", (message: ToParent) => {
        if (message.type === type) resolve(message as Extract<ToParent, { type: Type }>);
      });
    });
    return Promise.race([received, this.#ended]);
  }
}
