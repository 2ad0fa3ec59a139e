import { Body, Controller, Get, Headers, HttpCode, Post } from "@nestjs/common";
import { csrfToken, deviceOf, userNamed } from "example-shop";
import type { SessionData } from "./session/index";
import { Session } from "./session/nest";

interface Credentials {
  readonly name: string;
}

interface Item {
  readonly sku: string;
  readonly quantity: number;
}

@Controller()
export class ShopController {
  @Get("csrf")
  token(@Session() session: Session): { token: string } {
    return { token: csrfToken(session) };
  }

  @Get()
  show(@Session() session: Session): Partial<SessionData> {
    session.visits += 1;
    return session.toJSON();
  }

  // A new `user` gives the session a new id (`regenerate: "on-change"` in session.config.ts).
  @Post("login")
  @HttpCode(204)
  login(
    @Session() session: Session,
    @Body() { name }: Credentials,
    @Headers("user-agent") agent?: string,
  ): void {
    session.user = userNamed(name);
    session.device = deviceOf(agent);
    session.notice = `Welcome, ${name}`;
  }

  @Post("cart")
  @HttpCode(204)
  add(@Session("cart") cart: Session["cart"], @Body() { sku, quantity }: Item): void {
    const item = cart.find((candidate) => candidate.sku === sku);
    // Changed in place: noticed when the session is saved, and checked against the schema.
    if (item === undefined) cart.push({ sku, quantity });
    else item.quantity += quantity;
  }

  // Shown once: reading a flash field removes it.
  @Get("notice")
  notice(@Session("notice") notice: string | undefined): { notice: string | null } {
    return { notice: notice ?? null };
  }

  @Post("logout")
  @HttpCode(204)
  async logout(@Session() session: Session): Promise<void> {
    await session.$destroy();
    session.notice = "Goodbye";
  }
}
