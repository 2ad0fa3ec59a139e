// One process of clients; its parent is run.ts.

import { backfilled } from "./backfill.js";
import { failing } from "./failing.js";
import { Recorder, readTickets } from "./history.js";
import { noteFailures } from "./meanwhile.js";
import type { Plan, ToParent, ToWorker } from "./messages.js";
import { Client, readFinally, type Surroundings } from "./operations.js";
import { Random } from "./random.js";
import { openSessions } from "./session.js";
import { hammerStores } from "./stores/index.js";
import type { Answer, Ticket } from "./tickets.js";
import { unconditional } from "./unconditional.js";

/** How many replaced tickets are kept to try. */
const FORMER = 50;
/** How many sessions are read at once when all is done. */
const READERS = 8;

const latest = new Map<number, Ticket>();
const former: Ticket[] = [];
const questions = new Map<number, (answer: Answer) => void>();
let asked = 0;
let settle = (): void => {};
const settling = new Promise<void>((resolve) => {
  settle = resolve;
});

function send(message: ToParent): void {
  process.send?.(message);
}

function hear(ticket: Ticket): void {
  const old = latest.get(ticket.place);
  if (old !== undefined && old.id !== ticket.id && former.push(old) > FORMER) former.shift();
  latest.set(ticket.place, ticket);
}

process.on("message", (message: ToWorker) => {
  switch (message.type) {
    case "start":
      void work(message.plan);
      break;
    case "ticket":
      hear(message.ticket);
      break;
    case "answer":
      if (message.answer !== "create") hear(message.answer);
      questions.get(message.question)?.(message.answer);
      questions.delete(message.question);
      break;
    case "settle":
      settle();
  }
});

async function work(plan: Plan): Promise<void> {
  const definition = hammerStores[plan.store];
  if (definition === undefined) throw new Error(`There is no store ${plan.store}`);
  const opened = definition.open(plan.target);
  const store = plan.unconditional ? unconditional(opened) : opened;
  const seed = plan.seed + (plan.process + 1) * 7919 + plan.generation;
  const faulty = plan.failing ? failing(store, new Random(seed)) : undefined;
  const backfill = plan.backfill ? backfilled(faulty?.store ?? store, new Random(seed)) : undefined;
  const sessions = openSessions(backfill?.store ?? faulty?.store ?? store);
  let conflicts = 0;
  noteFailures(sessions);
  sessions.on("conflict", () => {
    conflicts += 1;
  });
  const recorder = new Recorder(plan.history, plan.process, plan.mortal);
  const around: Surroundings = {
    sessions,
    recorder,
    places: plan.places,
    lookup: definition.noIndex !== true,
    latest: (place) => latest.get(place),
    former,
    ask: (place, stale) =>
      new Promise((resolve) => {
        asked += 1;
        questions.set(asked, resolve);
        send({ type: "ask", question: asked, place, stale });
      }),
    put: (ticket) => {
      hear(ticket);
      send({ type: "ticket", ticket });
    },
    failed: (place) => send({ type: "failed", place }),
    begun: () => {
      if (plan.disturbed) send({ type: "request" });
    },
    disturbed: plan.disturbed,
    generation: plan.generation,
  };
  await Promise.all(
    plan.own.map((number) =>
      new Client(
        number,
        plan.clients,
        new Random(plan.seed + number + plan.generation * plan.clients),
        around,
      ).run(plan.requests),
    ),
  );
  const rewritten = (await backfill?.end()) ?? 0;
  await faulty?.calm();
  send({ type: "done", conflicts, failures: faulty?.failures ?? 0, rewritten });
  await settling;
  recorder.flush();
  const given = readTickets(plan.history, plan.process);
  await Promise.all(
    Array.from({ length: READERS }, async () => {
      for (let ticket = given.pop(); ticket !== undefined; ticket = given.pop())
        await readFinally(around, ticket);
    }),
  );
  recorder.flush();
  await sessions.close();
  send({ type: "settled" });
  process.disconnect();
}
