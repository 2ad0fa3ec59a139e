import type { Rule } from "../rule.js";
import type { SnapshotForm } from "../snapshot-form.js";

type Binding = NonNullable<SnapshotForm["binding"]>;

/** Sessions are bound to something else of requests. */
export const bindingChanged: Rule = {
  title: "`binding` changed",
  class: "once-deployed",
  otherwise: {
    breaking:
      "where `network` has other numbers of bits, or `onMismatch` becomes `anonymous`: sessions that do not fit are left",
  },
  why: "Each version compares what it is told to compare with what is stored of it; what only one of them binds is not compared, and a session is bound when it begins or gets a new id.",
  loss: {
    what: "the session as a whole",
    who: "users whose session is bound to something else than their requests show",
    until: "they log in again",
  },
  instead:
    'Of other numbers of bits: first a release with `onMismatch: "event"`, until the lifetime of sessions is over. Of `anonymous`: look first how often `binding-mismatch` is published.',
  example: {
    before: "schema: z.object({ visits: z.int().default(0) })",
    after:
      'schema: z.object({ visits: z.int().default(0) }), binding: { userAgent: true, onMismatch: "anonymous" }',
  },
  find: ({ before, after }) => {
    const [was, is] = [before.snapshot.binding, after.snapshot.binding];
    if (JSON.stringify(was) === JSON.stringify(is)) return [];
    return [
      {
        path: "binding",
        at: ["binding"],
        summary: `Sessions were bound to ${text(was)} and are bound to ${text(is)}`,
        ...(was !== undefined && is !== undefined && leaves(was, is) && { class: "breaking" as const }),
      },
    ];
  },
};

/** Whether sessions that went on are left from now on. */
function leaves(was: Binding, is: Binding): boolean {
  if (is.onMismatch !== "anonymous") return false;
  if (was.onMismatch !== "anonymous") return true;
  return (
    was.network !== undefined &&
    is.network !== undefined &&
    JSON.stringify(was.network) !== JSON.stringify(is.network)
  );
}

function text(binding: Binding | undefined): string {
  if (binding === undefined) return "nothing";
  const { userAgent, network, onMismatch } = binding;
  const parts = [
    ...(userAgent ? ["the user agent"] : []),
    ...(network ? [`the network (${network.ipv4} and ${network.ipv6} bits)`] : []),
  ];
  return `${parts.join(" and ") || "nothing"} (${onMismatch})`;
}
