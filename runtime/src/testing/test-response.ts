import type { ResponseHeader } from "../transports/transport.js";

/**
 * A response as test clients have it: of `fetch` and of frameworks that answer with a `Response`,
 * of supertest, of Fastify's `inject`, of Playwright.
 */
export type TestResponse =
  | { readonly headers: Headers }
  | { readonly headers: Readonly<Record<string, string | number | readonly string[] | undefined>> }
  | { headersArray(): readonly { readonly name: string; readonly value: string }[] };

/** Gives all headers of a response; those of which there are several one by one. */
export function headersOf(response: TestResponse): readonly ResponseHeader[] {
  if ("headersArray" in response)
    return response.headersArray().map(({ name, value }) => [name.toLowerCase(), value]);
  const { headers } = response;
  if (isHeaders(headers)) return [...headers];
  return Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): ResponseHeader => [name.toLowerCase(), String(one)]),
  );
}

function isHeaders(headers: object): headers is Headers {
  return "getSetCookie" in headers && typeof headers.getSetCookie === "function";
}
