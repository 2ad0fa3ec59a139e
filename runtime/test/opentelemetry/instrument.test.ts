import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import type { SessionStore } from "../../src/index.js";
import { counted } from "../../src/opentelemetry/counted.js";
import { instrumentSessions } from "../../src/opentelemetry/index.js";
import { memoryStore } from "../../src/stores/memory/index.js";
import { keyOf, setup, start, visit } from "../session/support/fixture.js";

beforeAll(() => void context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
afterAll(() => context.disable());

/** The real SDK, with what it exports in memory. */
function sdk() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const spans = new InMemorySpanExporter();
  const tracer = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }).getTracer(
    "test",
  );
  onTestFinished(() => meterProvider.shutdown());
  return {
    meterProvider,
    /** Runs a request of its own span; gives back the span's events, as names and attributes. */
    async request(work: () => Promise<unknown>): Promise<[string, unknown][]> {
      const span = tracer.startSpan("GET /");
      await context.with(trace.setSpan(context.active(), span), work);
      span.end();
      const { events = [] } = spans.getFinishedSpans().at(-1) ?? {};
      return events.map(({ name, attributes }) => [name, attributes]);
    },
    /** What the values of each histogram add up to. */
    async sums(): Promise<Record<string, number | undefined>> {
      await meterProvider.forceFlush();
      const metrics =
        exporter
          .getMetrics()
          .at(-1)
          ?.scopeMetrics.flatMap((scope) => scope.metrics) ?? [];
      return Object.fromEntries(
        metrics.map(({ descriptor, dataPoints }) => [
          descriptor.name,
          (dataPoints[0]?.value as { sum?: number } | undefined)?.sum,
        ]),
      );
    },
    /** Every data point so far, by the metric's name: its attributes, and how often. */
    async points(): Promise<Record<string, [object, number][]>> {
      await meterProvider.forceFlush();
      const metrics =
        exporter
          .getMetrics()
          .at(-1)
          ?.scopeMetrics.flatMap((scope) => scope.metrics) ?? [];
      return Object.fromEntries(
        metrics.map(({ descriptor, dataPoints }) => [
          `${descriptor.name} ${descriptor.unit}`,
          dataPoints.map(({ attributes, value }) => [
            attributes,
            typeof value === "number" ? value : (value as { count: number }).count,
          ]),
        ]),
      );
    },
  };
}

it("sessions become metrics, and events of the request's span", async () => {
  const { meterProvider, request, points } = sdk();
  const { sessions } = setup();
  // Whoever is first makes the epoch.
  await visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
  instrumentSessions(sessions, { meterProvider });
  let cookie = "";
  const noted = await request(async () => {
    cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
  });
  const size = expect.any(Number);
  expect(noted).toEqual([
    ["sessgen.opened", { "sessgen.found": false, "sessgen.size": 0 }],
    ["sessgen.created", { "sessgen.permanent": false }],
    ["sessgen.committed", { "sessgen.outcome": "created", "sessgen.size": size }],
  ]);
  expect(await request(() => visit(sessions, cookie, (session) => session.$destroy()))).toEqual([
    ["sessgen.opened", { "sessgen.found": true, "sessgen.size": size }],
    ["sessgen.destroyed", { "sessgen.by": "session" }],
    ["sessgen.committed", { "sessgen.outcome": "cookie-cleared", "sessgen.size": 0 }],
  ]);
  const operation = (name: string) => ({ "db.system.name": "memory", "db.operation.name": name });
  expect(await points()).toEqual({
    "sessgen.session.open.duration s": [
      [{ "sessgen.found": false }, 1],
      [{ "sessgen.found": true }, 1],
    ],
    "sessgen.session.commit.duration s": [
      [{ "sessgen.outcome": "created" }, 1],
      [{ "sessgen.outcome": "cookie-cleared" }, 1],
    ],
    "sessgen.store.operation.duration s": [
      // The session, and the trace that takes its place.
      [operation("write"), 2],
      [operation("read"), 1],
    ],
    "sessgen.session.size By": [
      [{ "sessgen.direction": "write" }, 1],
      [{ "sessgen.direction": "read" }, 1],
    ],
    "sessgen.session.created {event}": [[{ "sessgen.permanent": false }, 1]],
    "sessgen.session.destroyed {event}": [[{ "sessgen.by": "session" }, 1]],
  });
});

it("durations are seconds, and sizes bytes", async () => {
  const { meterProvider, sums } = sdk();
  const { sessions } = setup();
  const told = { opened: 0, bytes: 0 };
  sessions.on("opened", ({ duration }) => {
    told.opened += duration;
  });
  sessions.on("committed", ({ bytes }) => {
    told.bytes += bytes;
  });
  instrumentSessions(sessions, { meterProvider });
  await visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
  expect((await sums())["sessgen.session.open.duration"]).toBeCloseTo(told.opened / 1000, 9);
  expect((await sums())["sessgen.session.size"]).toBe(told.bytes);
});

it("a store that fails is told by system, operation and code", async () => {
  const { meterProvider, request, points } = sdk();
  const store: SessionStore = Object.assign(memoryStore(), {
    kind: "postgres",
    read: () => Promise.reject(new Error("key abc")),
  });
  const { sessions } = setup({ store });
  instrumentSessions(sessions, { meterProvider });
  const failed = {
    "db.system.name": "postgresql",
    "db.operation.name": "read",
    "error.type": "store/unavailable",
  };
  const noted = await request(() => sessions.open(`__Host-session=${"A".repeat(43)}`).catch(() => {}));
  // Of the session, and of the epoch that is read beside it.
  expect(noted).toEqual(Array(2).fill(["sessgen.store-error", failed]));
  expect(await points()).toEqual({
    "sessgen.store.operation.duration s": [[failed, 2]],
    "sessgen.store.errors {event}": [[failed, 2]],
  });
});

it("every event is counted under a name of its own, and none tells a secret", async () => {
  const { meterProvider, request, points } = sdk();
  const store = memoryStore({ clock: () => start });
  const { sessions } = setup({ store, onUnreadable: "quarantine" });
  instrumentSessions(sessions, { meterProvider });
  let cookie = "";
  const noted = await request(async () => {
    cookie = await visit(sessions, undefined, (session) => session.$assign({ secret: "hunter2" }));
    const [one, other] = [await sessions.open(cookie), await sessions.open(cookie)];
    one.visits += 1;
    other.$assign({ visits: 7, secret: "hunter2" });
    await one.$commit();
    await other.$commit();
    const key = keyOf(cookie.split("=")[1] ?? "");
    await store.write(key, Buffer.from("{hunter2"), { expect: "any", expiresAt: start + 60_000 });
    await sessions.open(cookie);
    await store.remove(key);
    await sessions.open(cookie);
    await sessions.open("__Host-session=hunter2");
    await visit(sessions, undefined, (session) => session.$assign({ user: "hunter2" }));
  });
  const seen = await points();
  for (const name of ["created", "conflicts", "unreadable", "quarantined", "not_found"])
    expect(seen, name).toHaveProperty([`sessgen.session.${name} {event}`]);
  expect(seen).toHaveProperty(["sessgen.token.refused {event}"], [[{ "sessgen.reason": "malformed" }, 1]]);
  const names = Object.values(counted).map(({ metric }) => metric);
  expect(new Set(names).size).toBe(names.length);
  const id = cookie.split("=")[1] ?? "";
  for (const unsaid of ["hunter2", id, keyOf(id)])
    expect(JSON.stringify([noted, seen])).not.toContain(unsaid);
});

it("ends when it is told to", async () => {
  const { meterProvider, request, points } = sdk();
  const { sessions } = setup();
  instrumentSessions(sessions, { meterProvider })();
  expect(await request(() => sessions.open(undefined))).toEqual([]);
  expect(await points()).toEqual({});
});
