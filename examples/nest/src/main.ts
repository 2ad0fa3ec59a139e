import { NestFactory } from "@nestjs/core";
import { ExpressAdapter } from "@nestjs/platform-express";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import { AppModule } from "./app.module";

/** Serves the application, which is the same on Express and, with `ADAPTER=fastify`, on Fastify. */
async function bootstrap(): Promise<void> {
  const adapter = process.env["ADAPTER"] === "fastify" ? new FastifyAdapter() : new ExpressAdapter();
  const app = await NestFactory.create(AppModule, adapter, { logger: ["warn", "error"] });
  app.enableShutdownHooks();
  await app.listen(Number(process.env["PORT"] ?? 3000), "localhost");
  const { port } = app.getHttpServer().address();
  console.log(`Listening on http://localhost:${port}`);
}

void bootstrap();
