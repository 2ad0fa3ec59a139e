import { randomUUID } from "node:crypto";

/** Who is logged in. */
export interface User {
  readonly id: string;
  readonly name: string;
  readonly roles: ("admin" | "member")[];
}

const ids = new Map<string, string>();

/** Finds a user, or makes one: a shop of its own would ask its database, and for a password. */
export function userNamed(name: string): User {
  const id = ids.get(name) ?? randomUUID();
  ids.set(name, id);
  return { id, name, roles: ["member"] };
}
