/**
 * express-session with connect-redis, as their documentation sets them up, and nothing written for
 * a read-only request but the expiry.
 */
export function expressSession(require, client) {
  const { RedisStore } = require("connect-redis");
  return {
    store: new RedisStore({ client }),
    secret: "a secret of at least thirty-two characters",
    resave: false,
    saveUninitialized: false,
    cookie: { maxAge: 30 * 60_000 },
  };
}
