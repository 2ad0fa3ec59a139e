import { SessionFieldError } from "@sessgen/runtime";
import { deviceOf, userNamed } from "example-shop";
import { type Session, sessions } from "../session";

/**
 * Logs a user in. A new `user` gives the session a new id (`regenerate: "on-change"` in
 * session.config.ts).
 */
export function login(session: Session, name: string, request: Request): void {
  session.user = userNamed(name);
  session.device = deviceOf(request.headers.get("user-agent") ?? undefined);
  session.notice = `Welcome, ${name}`;
}

/**
 * Puts something into the cart, as a client has sent it.
 * @returns what the schema forbids of it: the cart is then as it was before
 */
export function addToCart(session: Session, sku: string, quantity: number): string | undefined {
  try {
    session.$accept(() => {
      const item = session.cart.find((candidate) => candidate.sku === sku);
      if (item === undefined) session.cart.push({ sku, quantity });
      else item.quantity += quantity;
    });
    return undefined;
  } catch (error) {
    if (error instanceof SessionFieldError) return error.message;
    throw error;
  }
}

/** Logs out, and says so once. */
export async function logout(session: Session): Promise<void> {
  await session.$destroy();
  session.notice = "Goodbye";
}

/**
 * Ends one session of the user's. A handle of somebody else's finds nothing: only this user's are
 * looked at.
 */
export async function endDevice({ user }: Session, handle: string): Promise<void> {
  if (user !== undefined) await sessions.revoke(handle, { by: ["user.id", user.id] });
}

/** Logs out everywhere. */
export async function endAllDevices(session: Session): Promise<void> {
  if (session.user === undefined) return;
  await sessions.destroyBy("user.id", session.user.id, { except: session });
  await session.$destroy();
}
