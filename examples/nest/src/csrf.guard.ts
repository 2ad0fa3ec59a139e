import { type CanActivate, type ExecutionContext, ForbiddenException, Injectable } from "@nestjs/common";
import { isCsrfToken } from "example-shop";
import { session } from "./session/nest";

/** Refuses what another site may have made a visitor's browser send. */
@Injectable()
export class CsrfGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { method, headers } = context.switchToHttp().getRequest();
    if (method !== "POST" || isCsrfToken(session(context), headers["x-csrf-token"])) return true;
    throw new ForbiddenException("csrf");
  }
}
