import { Readable } from "node:stream";
import { setInterval } from "node:timers/promises";
import {
  Body,
  type CallHandler,
  Controller,
  type ExecutionContext,
  Get,
  Header,
  HttpCode,
  Module,
  type NestInterceptor,
  Post,
  Redirect,
  StreamableFile,
  UseInterceptors,
} from "@nestjs/common";
import { type Observable, tap } from "rxjs";
import { AppModule } from "../src/app.module";
import { session } from "../src/session/nest";

let open = 0;

async function* lines() {
  open += 1;
  try {
    for await (const _ of setInterval(5)) yield "line\n";
  } finally {
    open -= 1;
  }
}

async function* broken() {
  yield "line\n";
  throw new Error("The source is gone");
}

const visitsAfter: NestInterceptor = {
  intercept: (context: ExecutionContext, next: CallHandler): Observable<unknown> =>
    next.handle().pipe(
      tap(() => {
        session(context).visits += 1;
      }),
    ),
};

const visits: NestInterceptor = {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getHandler().name !== "streams") session(context).visits += 1;
    return next.handle();
  },
};

/** The routes of test/frameworks/host-cases.ts. */
@Controller("host")
@UseInterceptors(visits)
class HostController {
  @Get("stream")
  stream(): StreamableFile {
    return new StreamableFile(Readable.from(lines(), { objectMode: false }));
  }

  @Get("streams")
  streams(): { open: number } {
    return { open };
  }

  @Get("redirect")
  @Redirect("/notice", 303)
  redirect(): void {}

  @Get("error")
  error(): never {
    throw new Error("The handler failed");
  }

  @Get("broken")
  broken(): StreamableFile {
    return new StreamableFile(Readable.from(broken(), { objectMode: false }));
  }

  @Get("not-modified")
  @HttpCode(304)
  @Header("etag", '"page"')
  notModified(): void {}

  @Post("echo")
  echo(@Body() body: string): string {
    return body;
  }

  @Get("trailing")
  @UseInterceptors(visitsAfter)
  trailing(): object {
    return {};
  }
}

/** The application, with the routes that the cases need. */
@Module({ imports: [AppModule], controllers: [HostController] })
export class HostModule {}
