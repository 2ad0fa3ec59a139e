import { type Attributes, type MeterProvider, metrics, trace } from "@opentelemetry/api";
import type { SessionEvents, SessionListener } from "../session/context/events.js";
import { type Counted, counted, storeAttributes } from "./counted.js";

/** How sessions are observed. */
export interface InstrumentationOptions {
  /** Default: the global one, as it is when {@link instrumentSessions} is called. */
  readonly meterProvider?: MeterProvider;
}

/** All that is needed of the sessions. */
interface Observed {
  on<E extends keyof SessionEvents>(event: E, listener: SessionListener<E>): () => void;
}

/** In seconds; as the semantic conventions advise for `db.client.operation.duration`. */
const boundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/**
 * Turns the events of sessions into OpenTelemetry metrics, and into events of whatever span is
 * active, such as the request's. Neither has an id, a key, a cookie or a value in it. Call it once
 * the SDK has been set up; where there is none it costs a little and does nothing.
 *
 * Spans of their own the operations of the store do not get: the instrumentation of its driver has
 * them.
 *
 * @returns ends it
 */
export function instrumentSessions(sessions: Observed, options: InstrumentationOptions = {}): () => void {
  const meter = (options.meterProvider ?? metrics.getMeterProvider()).getMeter("@sessgen/runtime");
  const duration = (name: string, description: string) =>
    meter.createHistogram(name, {
      description,
      unit: "s",
      advice: { explicitBucketBoundaries: boundaries },
    });
  const opens = duration("sessgen.session.open.duration", "Opening a session, the store's time included");
  const commits = duration("sessgen.session.commit.duration", "Saving a session, merges included");
  const operations = duration("sessgen.store.operation.duration", "Operations of the store");
  const sizes = meter.createHistogram("sessgen.session.size", {
    description: "Payloads that were read and written",
    unit: "By",
    advice: { explicitBucketBoundaries: [64, 128, 256, 512, 1024, 2048, 4096, 8192, 65_536] },
  });
  const ends = [
    sessions.on("opened", (event) => {
      opens.record(event.duration / 1000, { "sessgen.found": event.found });
      if (event.bytes > 0) sizes.record(event.bytes, { "sessgen.direction": "read" });
      note("opened", { "sessgen.found": event.found, "sessgen.size": event.bytes });
    }),
    sessions.on("committed", ({ outcome, bytes, duration }) => {
      commits.record(duration / 1000, { "sessgen.outcome": outcome });
      if (bytes > 0) sizes.record(bytes, { "sessgen.direction": "write" });
      if (outcome !== "nothing") note("committed", { "sessgen.outcome": outcome, "sessgen.size": bytes });
    }),
    sessions.on("store-operation", ({ store, operation, duration, code }) => {
      const attributes = storeAttributes(store, operation);
      operations.record(
        duration / 1000,
        code === undefined ? attributes : { ...attributes, "error.type": code },
      );
    }),
  ];
  const count = <E extends keyof typeof counted>(
    name: E,
    { metric, description, attributes }: Counted<E>,
  ): void => {
    const counter = meter.createCounter(metric, { description, unit: "{event}" });
    ends.push(
      sessions.on(name, (event) => {
        counter.add(1, attributes(event));
        note(name, attributes(event));
      }),
    );
  };
  for (const [name, each] of Object.entries(counted)) count(name as never, each as never);
  return () => {
    for (const end of ends) end();
  };
}

/** On the span that is active where it happens. */
function note(name: keyof SessionEvents, attributes: Attributes): void {
  trace.getActiveSpan()?.addEvent(`sessgen.${name}`, attributes);
}
