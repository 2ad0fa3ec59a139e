import { startMariadb } from "../services/mariadb.js";
import { startOnFerretdb } from "../services/mongodb.js";
import { startMysql } from "../services/mysql.js";
import type { MysqlServer, ServerOptions } from "../services/mysql-server.js";
import { start as startPostgres } from "../services/postgres.js";
import { startDurable as startRedis } from "../services/redis.js";

/** A server of the run's own that has on disk whatever it acknowledged. */
export interface DurableServer {
  readonly url: string;
  /** Kills it without warning, and starts it again on the same data and port. */
  restart(): Promise<void>;
  /** Kills it and removes its data. */
  stop(): Promise<void>;
}

/**
 * The stores whose servers promise that. Memcached and memory promise nothing, and a Redis Cluster
 * or DynamoDB Local of ours neither.
 */
export const durableServers: Readonly<Record<string, () => Promise<DurableServer>>> = {
  async redis() {
    const server = await startRedis();
    const restart = async (): Promise<void> => {
      await server.kill();
      await server.start();
    };
    return { url: server.url, restart, stop: () => server.stop() };
  },
  async postgres() {
    let server = await startPostgres();
    const restart = async (): Promise<void> => {
      await server.kill();
      server = await startPostgres(server.folder, server.port);
    };
    return { url: server.url, restart, stop: () => server.stop() };
  },
  mysql: () => startSql(startMysql),
  mariadb: () => startSql(startMariadb),
  // On PostgreSQL, which is killed with it.
  mongodb: () => startOnFerretdb(),
};

async function startSql(start: (options?: ServerOptions) => Promise<MysqlServer>): Promise<DurableServer> {
  let server = await start();
  const restart = async (): Promise<void> => {
    await server.kill();
    server = await start({ again: server });
  };
  return { url: server.url, restart, stop: () => server.stop() };
}
