import { Module, type OnApplicationShutdown } from "@nestjs/common";
import { APP_FILTER, APP_GUARD } from "@nestjs/core";
import { CsrfGuard } from "./csrf.guard";
import { DevicesController } from "./devices.controller";
import { FieldErrorFilter } from "./field-error.filter";
import { sessions } from "./session/index";
import { SessionModule } from "./session/nest";
import { ShopController } from "./shop.controller";

/** A small shop: who is logged in, what is in the cart, and a message that is shown once. */
@Module({
  imports: [SessionModule.forRoot()],
  controllers: [ShopController, DevicesController],
  providers: [
    { provide: APP_GUARD, useClass: CsrfGuard },
    { provide: APP_FILTER, useClass: FieldErrorFilter },
  ],
})
export class AppModule implements OnApplicationShutdown {
  onApplicationShutdown(): Promise<void> {
    return sessions.close();
  }
}
