import type { ResolvedCookie } from "./options.js";

/**
 * Where a browser keeps a cookie: those of one name in different places are different cookies, and
 * are sent together (RFC 6265, 5.3).
 */
export interface Place {
  /** Absent: for the host alone that set it. */
  readonly domain?: string;
  readonly path: string;
  readonly partitioned: boolean;
}

/** What says where a request went, as its client knows it. */
export interface Destination {
  /** The URL, or its path. */
  readonly url: string | undefined;
  /** Host names, as headers say them; whatever is none is not looked at. */
  readonly hosts: readonly (string | undefined)[];
}

/** Deeper paths are not looked at: whoever asks for them decides how long the answer gets. */
const MAX_DEPTH = 3;
/** Nor are more parents of a host. */
const MAX_PARENTS = 2;

/**
 * Gives every place from which a cookie may have come with a request, except where it is set today:
 * for the host and its parents, under each beginning of the path. At most 40.
 *
 * @param cookie - as it is set in answer to the request
 */
export function otherPlaces(cookie: ResolvedCookie, destination: Destination): Place[] {
  const { path, partitioned } = cookie;
  const domain = cookie.domain?.toLowerCase().replace(/^\./, "");
  const today: Place = { path, partitioned, ...(domain !== undefined && { domain }) };
  // Browsers keep those with Partitioned apart, and take it of secure ones only.
  const partition: Place[] = cookie.secure === false ? [] : [{ ...today, partitioned: !partitioned }];
  // The prefix binds it to a single place.
  if (/^__host-/i.test(cookie.name)) return partition;
  const domains = [...new Set([undefined, domain, ...destination.hosts.flatMap(domainsOf)])];
  const places = domains.flatMap((one) =>
    [...new Set([path, ...pathsOf(destination.url)])].map(
      (each): Place => ({ path: each, partitioned, ...(one !== undefined && { domain: one }) }),
    ),
  );
  const isToday = (place: Place): boolean => place.domain === domain && place.path === path;
  return [...partition, ...places.filter((place) => !isToday(place))];
}

/** The beginnings of a path, with and without a slash at their end, as far as they are plain. */
function pathsOf(url = ""): string[] {
  const [path = ""] = url.replace(/^https?:\/\/[^/?#]*/i, "").split(/[?#]/, 1);
  const paths = ["/"];
  let beginning = "";
  for (const segment of path.split("/").slice(1, 1 + MAX_DEPTH)) {
    if (!/^[\w!$&'()*+.:=@~%-]{1,100}$/.test(segment)) break;
    beginning += `/${segment}`;
    paths.push(beginning);
    if (path.length > beginning.length) paths.push(`${beginning}/`);
  }
  return paths;
}

/**
 * A host and its parents. Neither addresses nor names of a single part have a Domain that browsers
 * take.
 */
function domainsOf(host = ""): string[] {
  const name = host.toLowerCase().replace(/:\d+$/, "");
  const labels = name.split(".");
  const isName = name.length <= 253 && labels.every((label) => /^[a-z0-9_-]{1,63}$/.test(label));
  if (!isName || labels.length < 2 || /^\d+$/.test(labels.at(-1) ?? "")) return [];
  const parents = labels.slice(1, -1).map((_, index) => labels.slice(index + 1).join("."));
  return [name, ...parents.slice(-MAX_PARENTS)];
}
