import type { SessionStore } from "@sessgen/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AccountsProject } from "../drift/accounts.js";
import { found, own, write } from "./sessions.js";

/** A database whose accounts are those that were emitted. */
export interface Accounts extends AccountsProject {
  readonly table: string;
  readonly urls: { readonly admin: string; readonly migrations: string; readonly application: string };
  /** Runs statements as an administrator. */
  query(sql: string): Promise<void>;
  close(): Promise<void>;
}

/** What an account may not do: who, and the statement, in which `{table}` is the table. */
export type Forbidden = readonly [who: "application" | "migrations", sql: string];

/** How the accounts of a server are tried. */
export interface AccountsServer {
  open(): Promise<Accounts>;
  store(url: string, table: string): SessionStore;
  /** Runs a statement on a connection of its own. */
  as(url: string, sql: string): Promise<void>;
  /** What the error says of a statement that was refused. */
  readonly refused: object;
  readonly forbidden: readonly Forbidden[];
}

/**
 * Registers the cases that hold for the accounts of every server.
 * @param more - those of one server alone
 */
export function testAccounts(
  name: string,
  { open, store: storeOf, as, refused, forbidden }: AccountsServer,
  more: (accounts: () => Accounts) => void,
): void {
  describe(`the emitted accounts of ${name}`, () => {
    let accounts: Accounts;
    beforeAll(async () => {
      accounts = await open();
    }, 120_000);
    afterAll(() => accounts?.close());

    it("let the application do all that it does, and verify", async () => {
      const { urls, table, run } = accounts;
      const store = storeOf(urls.application, table);
      const index = { user_id: "u" };
      const created = await store.write(own("a"), Uint8Array.of(1), { ...write, expect: "absent", index });
      expect(created.ok).toBe(true);
      expect(await store.touch(own("a"), write.expiresAt + 1)).toBe("touched");
      expect(await found(store, "user_id", "u")).toEqual([own("a")]);
      expect(await store.remove(own("a"))).toBe(true);
      expect(await store.sweep?.({ limit: 10 })).toBe(0);
      await store.close();
      expect(await run(urls.application, "verify")).toMatchObject({ code: 0, err: "" });
      expect(await run(urls.migrations, "migrate")).toMatchObject({ code: 0, out: "Nothing is pending\n" });
    });

    it.each(forbidden)("do not let %s %s", async (who, sql) => {
      const done = as(accounts.urls[who], sql.replace("{table}", accounts.table));
      await expect(done).rejects.toMatchObject(refused);
    });

    more(() => accounts);
  });
}
