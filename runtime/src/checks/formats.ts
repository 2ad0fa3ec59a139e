/** Whether the value is a text in one format. */
export type FormatTest = (value: unknown) => value is string;

const base64 = /^(?:[0-9a-zA-Z+/]{4})*(?:[0-9a-zA-Z+/]{2}==|[0-9a-zA-Z+/]{3}=)?$/;
const base64url = /^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2,3})?$/;
const guid = /^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$/;
const ipv4 =
  /^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])$/;
const jwt = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;
const uuid =
  /^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}|00000000-0000-0000-0000-000000000000|ffffffff-ffff-ffff-ffff-ffffffffffff)$/;

const word = "[A-Za-z0-9_'+\\-]";
const email = /* @__PURE__ */ new RegExp(
  `^(?:${word}+\\.)*${word}*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9\\-]*\\.)+[A-Za-z]{2,}$`,
);

const day = String.raw`(?:(?:\d\d[2468][048]|\d\d[13579][26]|\d\d0[48]|[02468][048]00|[13579][26]00)-02-29|\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|(?:02)-(?:0[1-9]|1\d|2[0-8])))`;
const isoDate = /* @__PURE__ */ new RegExp(`^${day}$`);
const isoDatetime = /* @__PURE__ */ new RegExp(
  String.raw`^${day}T(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z))$`,
);

/**
 * RFC 3986, section 3.2.2: eight groups, of which `::` stands for any number, the last two perhaps
 * as an IPv4 address.
 */
const ipv6 = /* @__PURE__ */ (() => {
  const octet = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
  const group = "[0-9a-fA-F]{1,4}";
  const lastTwo = `(?:${group}:${group}|(?:${octet}\\.){3}${octet})`;
  const forms = [
    `(?:${group}:){6}${lastTwo}`,
    `::(?:${group}:){5}${lastTwo}`,
    `(?:${group})?::(?:${group}:){4}${lastTwo}`,
    `(?:(?:${group}:){0,1}${group})?::(?:${group}:){3}${lastTwo}`,
    `(?:(?:${group}:){0,2}${group})?::(?:${group}:){2}${lastTwo}`,
    `(?:(?:${group}:){0,3}${group})?::${group}:${lastTwo}`,
    `(?:(?:${group}:){0,4}${group})?::${lastTwo}`,
    `(?:(?:${group}:){0,5}${group})?::${group}`,
    `(?:(?:${group}:){0,6}${group})?::`,
  ];
  return new RegExp(`^(?:${forms.join("|")})$`);
})();

/** The names of the functions below. */
export type FormatName =
  | "isBase64"
  | "isBase64url"
  | "isEmail"
  | "isGuid"
  | "isIpv4"
  | "isIpv6"
  | "isIsoDate"
  | "isIsoDatetime"
  | "isJwt"
  | "isUuid";

/**
 * What each of the functions below tests, which is what Zod 4 does. The generator calls the
 * function where it finds its schema's pattern here, and else emits the pattern.
 */
export const formatPatterns: Readonly<Record<FormatName, RegExp>> = {
  isBase64: base64,
  isBase64url: base64url,
  isEmail: email,
  isGuid: guid,
  isIpv4: ipv4,
  isIpv6: ipv6,
  isIsoDate: isoDate,
  isIsoDatetime: isoDatetime,
  isJwt: jwt,
  isUuid: uuid,
};

export const isBase64: FormatTest = /* @__PURE__ */ matching(base64);
export const isBase64url: FormatTest = /* @__PURE__ */ matching(base64url);
export const isEmail: FormatTest = /* @__PURE__ */ matching(email);
export const isGuid: FormatTest = /* @__PURE__ */ matching(guid);
export const isIpv4: FormatTest = /* @__PURE__ */ matching(ipv4);
export const isIpv6: FormatTest = /* @__PURE__ */ matching(ipv6);
export const isIsoDate: FormatTest = /* @__PURE__ */ matching(isoDate);
export const isIsoDatetime: FormatTest = /* @__PURE__ */ matching(isoDatetime);
export const isJwt: FormatTest = /* @__PURE__ */ matching(jwt);
export const isUuid: FormatTest = /* @__PURE__ */ matching(uuid);

/** Tells whether the value is an address that `new URL()` takes. */
export function isUrl(value: unknown): value is string {
  return typeof value === "string" && URL.canParse(value);
}

function matching(pattern: RegExp): FormatTest {
  return (value): value is string => typeof value === "string" && pattern.test(value);
}
