import { ExpressAdapter } from "@nestjs/platform-express";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import { createApp } from "./app";

async function bootstrap(): Promise<void> {
  const app = await createApp(
    process.env["ADAPTER"] === "fastify" ? new FastifyAdapter() : new ExpressAdapter(),
  );
  app.enableShutdownHooks();
  await app.listen(Number(process.env["PORT"] ?? 3000), "localhost");
  const { port } = app.getHttpServer().address();
  console.log(`Listening on http://localhost:${port}`);
}

void bootstrap();
