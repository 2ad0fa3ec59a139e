// What the glue's users see, and what does not compile: the build checks this file.
import { Body, Controller, Get, Module, Post, UseGuards } from "@nestjs/common";
import { expectTypeOf } from "vitest";
import type { User } from "../src/session/index";
import { Session, SessionHas, SessionModule, session } from "../src/session/nest";

@Module({
  imports: [
    SessionModule.forRoot(),
    SessionModule.forRoot({ skip: ({ originalUrl }) => originalUrl === "/health" }),
  ],
})
export class Modules {}

// @ts-expect-error the module has no such option
SessionModule.forRoot({ skp: () => true });
// @ts-expect-error no field of the schema
SessionHas("usr");
// @ts-expect-error every session has visits
SessionHas("visits");

expectTypeOf(session).returns.toEqualTypeOf<Session>();
expectTypeOf<Session["visits"]>().toEqualTypeOf<number>();

@Controller()
@UseGuards(SessionHas("user"))
export class Handlers {
  @Get("session")
  takesSession(@Session() session: Session): void {
    expectTypeOf(session.user?.name).toEqualTypeOf<string | undefined>();
    // @ts-expect-error no field of the schema
    session.vists += 1;
    // @ts-expect-error not of the field's type
    session.visits = "many";
  }

  @Post("fields")
  takesFields(
    @Body() _body: object,
    @Session("visits") _visits: number,
    @Session("user") _user: User | undefined,
    @Session("user", { required: true }) _required: User,
    @Session("notice") _optional?: string,
  ): void {}

  @Get("wrong")
  isWrong(
    // @ts-expect-error a session is no text
    @Session() _session: string,
    // @ts-expect-error a number
    @Session("visits") _visits: string,
    // @ts-expect-error there may be none
    @Session("user") _user: User,
    // @ts-expect-error no field of the schema
    @Session("usr") _usr: unknown,
    // @ts-expect-error every session has visits
    @Session("visits", { required: true }) _required: number,
  ): void {}
}
