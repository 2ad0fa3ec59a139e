import { Body, Controller, Get, HttpCode, Post, UseGuards } from "@nestjs/common";
import { sessions, type User } from "./session/index";
import { Session, SessionHas } from "./session/nest";

interface Device {
  readonly handle: string;
}

/**
 * Where users see in which places they are logged in, and end one of these sessions or all of them.
 */
@Controller("devices")
export class DevicesController {
  @Get()
  async list(@Session() session: Session): Promise<readonly object[]> {
    const { user } = session;
    return user === undefined ? [] : sessions.list("user.id", user.id, { current: session });
  }

  // A handle of somebody else's session finds nothing: only this user's are looked at.
  @Post("end")
  @HttpCode(204)
  async end(@Session("user", { required: true }) user: User, @Body() { handle }: Device): Promise<void> {
    await sessions.revoke(handle, { by: ["user.id", user.id] });
  }

  @Post("end-all")
  @HttpCode(204)
  @UseGuards(SessionHas("user"))
  async endAll(@Session() session: Session, @Session("user", { required: true }) user: User): Promise<void> {
    await sessions.destroyBy("user.id", user.id, { except: session });
    await session.$destroy();
  }
}
