import { Cluster } from "ioredis";
import {
  createSessions,
  type FieldDefinition,
  lookup,
  type SessionDefinition,
  type Sessions,
} from "../../../src/index.js";
import { fileStore } from "../../../src/stores/file/index.js";
import { redisStore } from "../../../src/stores/redis/index.js";
import type { SessionStore } from "../../../src/stores/store.js";
import { application, fields, history, Session, user } from "./fixture.js";

/** Sessions that can be found by their user; a change of user keeps the id, so that the index alone has to follow. */
const indexed: FieldDefinition<string | undefined> = Object.assign(user, {
  regenerate: undefined,
  indexes: [{ path: "user", name: "user", pick: (value: string | undefined) => value }],
});

/** @param place - the folder, or the cluster's address and a prefix */
export async function open(kind: string, place: string) {
  let hook = (): void => {};
  let store: SessionStore;
  let close = async (): Promise<void> => {};
  if (kind === "file") {
    store = fileStore({ directory: place });
  } else {
    const [url = "", prefix = ""] = place.split(" ");
    const cluster = new Cluster([url]);
    close = async () => cluster.disconnect();
    const send = cluster.sendCommand.bind(cluster);
    // The first script enters the session into the set of its user, and the next one is the session's own.
    cluster.sendCommand = (command, ...rest) => {
      if (/^eval/.test(command.name) && !String(command.args[2]).includes("by:user")) hook();
      return send(command, ...rest);
    };
    store = redisStore({ client: cluster, prefix });
  }
  const sessions: Sessions<Session, { user: string }> = createSessions({
    lookup,
    application,
    history,
    Session,
    fields: fields.map((field) => (field.name === "user" ? indexed : field)) as SessionDefinition,
    store,
  });
  return {
    sessions,
    store,
    close,
    beforeRecord(die: () => void): void {
      hook = die;
    },
  };
}
