/** The way to one session: what a browser of its user would know. */
export interface Ticket {
  /** Of the few sessions that all clients share: which one. */
  readonly place: number;
  readonly session: string;
  /** The session's id, shortened. */
  readonly id: string;
  /** The Cookie header. */
  readonly cookie: string;
}

/** What a client gets who found no session: a newer ticket, or the task to begin a session. */
export type Answer = Ticket | "create";

type Reply = (answer: Answer) => void;

/** Who knows the latest ticket of each place. Lives in the parent of all processes. */
export class TicketOffice {
  readonly #latest = new Map<number, Ticket>();
  /** Places where a client is about to begin a session, and who waits for it. */
  readonly #waiting = new Map<number, Reply[]>();

  /** @param stale - the id under which there was no session */
  ask(place: number, stale: string | undefined, reply: Reply): void {
    const ticket = this.#latest.get(place);
    const waiting = this.#waiting.get(place);
    if (ticket !== undefined && ticket.id !== stale) reply(ticket);
    else if (waiting !== undefined) waiting.push(reply);
    else {
      this.#waiting.set(place, []);
      reply("create");
    }
  }

  put(ticket: Ticket): void {
    this.#latest.set(ticket.place, ticket);
    for (const reply of this.#end(ticket.place)) reply(ticket);
  }

  /** The session could not be begun; somebody else has to. */
  failed(place: number): void {
    for (const reply of this.#end(place)) this.ask(place, this.#latest.get(place)?.id, reply);
  }

  #end(place: number): readonly Reply[] {
    const waiting = this.#waiting.get(place) ?? [];
    this.#waiting.delete(place);
    return waiting;
  }
}
