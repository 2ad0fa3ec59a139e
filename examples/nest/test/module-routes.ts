import {
  type ArgumentsHost,
  Body,
  Catch,
  Controller,
  Get,
  HttpException,
  type HttpServer,
  NotFoundException,
  Post,
  Res,
  Sse,
  UseFilters,
  UseGuards,
} from "@nestjs/common";
import { BaseExceptionFilter } from "@nestjs/core";
import type { SessionError } from "@sessgen/runtime";
import { type Observable, of } from "rxjs";
import type { User } from "../src/session/index";
import { Session, SessionHas, session } from "../src/session/nest";

/** Counts the visits that end here. */
@Catch(NotFoundException)
class CountingFilter extends BaseExceptionFilter {
  override catch(error: NotFoundException, host: ArgumentsHost): void {
    session(host).visits += 1;
    super.catch(error, host);
  }
}

/** The routes of module.test.ts. */
@Controller()
export class Routes {
  @Get()
  visit(@Session() session: Session): Session {
    session.visits += 1;
    return session;
  }

  @Get("own-answer")
  answer(@Session() session: Session, @Res() response: { send(text: string): void }): void {
    session.visits += 1;
    response.send("saved");
  }

  @Sse("events")
  events(@Session() session: Session): Observable<{ data: string }> {
    session.visits += 1;
    return of({ data: "first" }, { data: "second" });
  }

  @Get("missing")
  @UseFilters(CountingFilter)
  missing(): never {
    throw new NotFoundException();
  }

  @Post("accept")
  accept(@Session() session: Session, @Body() item: Session["cart"][number]): void {
    session.$accept(() => session.cart.push(item));
  }

  @Post("push")
  push(@Session("cart") cart: Session["cart"], @Body() item: Session["cart"][number]): void {
    cart.push(item);
  }

  @Post("login")
  login(@Session() session: Session): void {
    session.user = { id: "0b5d6e0c-8a36-4a6b-9a53-1d0a2b7e4f10", name: "Ada", roles: [] };
  }

  @Get("guarded")
  @UseGuards(SessionHas("user"))
  guarded(@Session() { user }: Session): object {
    return { name: user?.name };
  }

  @Get("required")
  required(@Session("user", { required: true }) { name }: User): object {
    return { name };
  }

  @Get("field")
  field(@Session("visits") visits: number): object {
    return { visits };
  }

  @Get("health")
  health(@Session() session: Session): object {
    return { disabled: session.$isDisabled };
  }
}

/** The status and the code that a filter was given. */
export type Caught = readonly [number, string];

/** Answers in its own way, and tells what it was given. */
@Catch(HttpException)
export class LaterFilter extends BaseExceptionFilter {
  readonly #caught: Caught[];

  constructor(adapter: HttpServer, caught: Caught[]) {
    super(adapter);
    this.#caught = caught;
  }

  override catch(error: HttpException, host: ArgumentsHost): void {
    this.#caught.push([error.getStatus(), (error.cause as SessionError).code]);
    super.catch(new HttpException("Later", error.getStatus()), host);
  }
}
