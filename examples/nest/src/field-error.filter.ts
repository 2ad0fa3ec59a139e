import { type ArgumentsHost, BadRequestException, Catch } from "@nestjs/common";
import { BaseExceptionFilter } from "@nestjs/core";
import { SessionFieldError } from "@sessgen/runtime";

/** What the schema forbids is the client's mistake. */
@Catch(SessionFieldError)
export class FieldErrorFilter extends BaseExceptionFilter {
  override catch({ message }: SessionFieldError, host: ArgumentsHost): void {
    super.catch(new BadRequestException({ error: message }), host);
  }
}
