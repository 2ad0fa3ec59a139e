import { checkSums } from "./check-sums.js";
import { Lineage } from "./lineage.js";
import type { BrowserViolation, Report } from "./violation.js";
import type { Visit } from "./visits.js";

/** Kinds that may give the browser another cookie, or take it away, although it has a session. */
const changing: ReadonlySet<Visit["kind"]> = new Set(["login", "renew", "logout"]);
/** Kinds that open the session of the cookie. */
const opening: ReadonlySet<Visit["kind"]> = new Set([
  "read",
  "count",
  "post",
  "spend",
  "login",
  "renew",
  "logout",
  "final",
]);
/** A trace lives for 10 seconds; later, nobody knows any more that there was a session. */
const TRACE = 9_000_000;

/**
 * Compares what a browser saw, request by request, with what it had been told before.
 * @param visits - all of the browser's, in any order
 */
export function checkBrowser(visits: readonly Visit[]): BrowserViolation[] {
  const violations: BrowserViolation[] = [];
  const report: Report = (rule, detail, ...entries) =>
    violations.push({ rule, session: entries[0]?.browser ?? "", detail, entries });
  const lineage = new Lineage(visits);
  for (const visit of visits) {
    if (visit.foreign !== undefined) report("somebody else's", visit.foreign, visit);
    if (visit.kind === "stray" && visit.found !== undefined)
      report("somebody else's", "another house opened the session", visit);
    if (opening.has(visit.kind)) checkOpening(visit, lineage, report);
  }
  checkCookies(visits, lineage, report);
  checkLogins(visits, lineage, report);
  checkTallies(visits, lineage, report);
  checkSums(visits, lineage, report);
  return violations;
}

/** An id leads to its session and user until somebody ends it, and to nothing from then on. */
function checkOpening(visit: Visit, lineage: Lineage, report: Report): void {
  const { id, found } = visit;
  if (id === undefined || visit.failed) return;
  if (found === undefined) {
    if (lineage.mayHaveEnded(id, visit.opened, visit)) return;
    const who = lineage.userOf(id);
    if (who === undefined) report("vanished", `id ${id} was absent, and nobody had ended it`, visit);
    else report("login lost", `${who} is not logged in any more`, lineage.birthOf(id) ?? visit, visit);
    return;
  }
  const end = lineage.endedBefore(id, visit.begin);
  if (end !== undefined)
    report("readable after its end", `id ${id} was read after a ${end.kind}`, end, visit);
  const user = lineage.userOf(id);
  if (found.who !== user) report("somebody else's", `the session is ${found.who}'s, not ${user}'s`, visit);
  if (visit.outcome === "refused" && visit.kind !== "spend" && !lineage.mayHaveEnded(id, visit.ended, visit))
    report("refused without reason", `a ${visit.kind} was refused, and nobody had ended the session`, visit);
}

/**
 * Nobody but who logs in or out, or asks for it, gets another cookie while there is a session or
 * its trace.
 */
function checkCookies(visits: readonly Visit[], lineage: Lineage, report: Report): void {
  for (const visit of visits) {
    const { id, kind, found } = visit;
    if (id === undefined || changing.has(kind)) continue;
    if (visit.to === undefined && visit.clears === undefined) continue;
    const what = visit.clears ? "took the cookie away" : `gave out ${visit.to}`;
    if (found !== undefined) {
      // Revoked meanwhile, what it wrote is refused, and its cookie stays.
      report("cookie replaced", `a ${kind} ${what}, beside the session of ${id}`, visit);
      continue;
    }
    const trace = lineage.traceOf(id);
    if (trace !== undefined && visit.opened < trace.opened + TRACE)
      report("cookie replaced", `a ${kind} ${what}, although ${id} had moved or ended`, trace, visit);
  }
}

/**
 * After a login, the jar's next request is that user's, unless another request was told otherwise.
 */
function checkLogins(visits: readonly Visit[], lineage: Lineage, report: Report): void {
  const arrivals = visits.filter(({ to, clears }) => to !== undefined || clears);
  for (const login of visits) {
    const { kind, to, outcome, arrived } = login;
    if (kind !== "login" || outcome !== "done") continue;
    if (to === undefined) {
      report("login lost", "a login was acknowledged without a cookie", login);
      continue;
    }
    const next = visits
      .filter((visit) => opening.has(visit.kind) && visit.kind !== "final" && visit.begin > arrived)
      .reduce<Visit | undefined>((a, b) => (a === undefined || b.begin < a.begin ? b : a), undefined);
    if (next === undefined || next.id === to || lineage.mayBeRevoked(to, next.begin)) continue;
    const between = arrivals.filter(
      (each) => each !== login && each.arrived >= arrived && each.arrived <= next.begin,
    );
    // On its way already: a session that began beside the login, where there was none before.
    const hadNone = ({ id, opened }: Visit): boolean => id === undefined || lineage.mayBeRevoked(id, opened);
    const excused = between.some(
      (each) => changing.has(each.kind) || (each.begin < arrived && hadNone(each)),
    );
    if (!excused)
      report("login lost", `the next request did not bring the cookie of ${login.who}`, login, next);
  }
}

/**
 * When all is over no more sessions are found than ids are known, but for those that nobody knows
 * of.
 */
function checkTallies(visits: readonly Visit[], lineage: Lineage, report: Report): void {
  const finals = visits.filter(({ kind }) => kind === "final");
  for (const tally of visits) {
    const { kind, label, sessions } = tally;
    if (kind !== "tally" || label === undefined || sessions === undefined) continue;
    const live = finals.filter(({ id = "", found }) => found !== undefined && lineage.labelOf(id) === label);
    const strays = visits.filter((visit) => lineage.mayHaveLeft(visit, label)).length;
    if (sessions > live.length + strays)
      report("several live ids", `${sessions} sessions of ${label}, ${live.length} can be opened`, tally);
    if (sessions < live.length) report("vanished", `a session of ${label} is not found`, ...live, tally);
  }
}
