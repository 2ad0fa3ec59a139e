import type { Client } from "./client.js";

/** What a case is given. */
export interface World {
  /** Makes a client that nobody has seen yet. */
  client(): Client;
  /** Runs a function while the store cannot be reached. */
  withoutStore(work: () => Promise<void>): Promise<void>;
  /** The URL of `/` where the application speaks HTTP/2. */
  readonly http2: string | undefined;
}

/** What `/` answers with: the session. */
export interface Shop {
  readonly visits: number;
  readonly cart: readonly { readonly sku: string; readonly quantity: number }[];
  readonly user?: { readonly name: string };
}

/** How often the session's pages were seen, this time not counted. */
export async function visitsOf(client: Client): Promise<number> {
  return (await client.get<Shop>("/")).visits - 1;
}

/** Logs a client in. */
export async function login(client: Client, name: string, userAgent = "curl/8"): Promise<Client> {
  const response = await client.post("/login", { name }, { "user-agent": userAgent });
  if (response.status >= 400) throw new Error(`Login was answered with ${response.status}`);
  return client;
}
