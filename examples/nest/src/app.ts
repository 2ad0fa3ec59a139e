import type { INestApplication } from "@nestjs/common";
import { type AbstractHttpAdapter, NestFactory } from "@nestjs/core";
import { AppModule } from "./app.module";

/** Makes the application; it is the same on Express and on Fastify. */
export function createApp(adapter: AbstractHttpAdapter): Promise<INestApplication> {
  return NestFactory.create(AppModule, adapter, { logger: ["warn", "error"] });
}
