import type { RuntimeErrorCode } from "./errors.js";

/**
 * Why each error happens, in a sentence or two: for `docs/errors.md`. Apart from the registry,
 * which applications bundle.
 */
export const errorCauses: Readonly<Record<RuntimeErrorCode, string>> = {
  "cookie/invalid-option":
    "Browsers drop a cookie with this combination of name, path, domain, secure, sameSite and partitioned; or an option is for signed cookies, and there are no secrets.",
  "cookie/weak-secret":
    "A short secret can be guessed, and whoever knows it can sign cookies. With an empty list of secrets nothing would be signed.",
  "encryption/no-secret":
    "Something is to be encrypted, and no secret was given to encrypt it with: there is none at all, or the list is empty.",
  "encryption/weak-secret":
    "A short secret can be guessed, and whoever knows it can read what is encrypted with it.",
  "env/missing": "session.config.ts names a variable with env(), and the application was started without it.",
  "field/invalid": "A value was assigned to a session field that its schema forbids.",
  "field/unknown":
    "The code names a field that session.config.ts does not declare. What is assigned to it would be gone with the request.",
  "schema/missing":
    "The module named by schemaModule exports no Zod object schema, so the refinements of fields cannot run.",
  "session/conflict":
    "Other requests changed the same session again and again while this one tried to save its changes.",
  "session/disabled":
    "The code writes to a session that is switched off for this request: by `$disable()`, or by the host's `skip`.",
  "session/fixed-cookie":
    "Code written for express-session changes a property of `session.cookie` that the config decides, for all sessions alike.",
  "session/gone":
    "The session was destroyed, expired or got a new id while this request was changing or destroying it; it is not brought back.",
  "session/headers-sent":
    "The response's headers had left when the code changed what has to be told in a header: a new session, another id, the wish to be remembered.",
  "session/index-not-final":
    "An index was added or renamed, and `sessgen migrate --after-deploy` has not run yet: an older deploy may write sessions without it. The store cannot list its sessions to look at each, or there are too many of them. What was found is given, or ended; there may be more.",
  "session/invalid-part":
    "The module named by `parts` exports something under a name that is no part, a part gives ids or keys of another form, or the serializer is none. Or code that was written by hand gives options where `createSessions` takes what a function makes of them.",
  "session/lock-unclear":
    "The function of $lock ran, and the answer to the write that saves its changes is missing: whether they are saved, nobody knows.",
  "session/locked": "Other requests held the lock of the session for longer than this one was to wait.",
  "session/moved":
    "The request came with an id that the session had a moment ago: it has got a new one, was destroyed, or was written by a version of the application that this one knows nothing of.",
  "session/name-taken":
    "Two middlewares keep sessions on the same property of requests: what one has put there, the other would take for its own.",
  "session/no-application":
    "The application id of the lock goes into every key, signature and encrypted value; without one, sessions would be anybody's.",
  "session/no-compat":
    "Code written for express-session calls a method that sessions of express-session have, such as `session.save()`. Some fields of its own would be lost, too.",
  "session/no-compression":
    "Sessions are to be compressed where they cannot be: in cookies, whose length would tell what is in them, or on a runtime without node:zlib.",
  "session/no-lock":
    "The store has no conditional writes that hold between processes (keyv, unstorage, express-store, cookie), so a session cannot be locked.",
  "session/no-lookup":
    "The code looks sessions up by a field that has no index, or the store cannot find sessions by a field.",
  "session/no-previous":
    "`previous` says under which keys sessions lay before, and sessions that travel in cookies lie nowhere.",
  "session/no-revoke-all":
    "Sessions that travel in their cookie are out of reach, and a store without conditional writes that hold between processes (keyv, unstorage, express-store) cannot keep what would end all of them at once.",
  "session/null-session":
    'The store was out of reach when the request came, or a secret is missing in the environment, and onStoreError is "null-session": the session reads as empty and cannot be written.',
  "session/prerendered":
    "The session is read while a page is made for everybody, in a build or by `astro dev`: there is no visitor whose session it could be. Astro prerenders what does not say otherwise.",
  "session/read-only":
    "Something would change a session that was opened for reading, as in a Server Component of Next.js, where no cookie can be set any more. The types do not allow it: the code was not type-checked, or it got round them.",
  "session/replaced":
    "The code has kept `request.session` in a variable, and changes or saves it after `regenerate()` or `destroy()`.",
  "session/substitute":
    "The session has something stored for the field that this version cannot read (it was written under another schema, is damaged, or is encrypted with a secret that is missing), so the field read as its default, or as absent. What the request made of that would have replaced the stored value. Nothing of the request is saved.",
  "session/too-large":
    "The session, encoded, would be larger than `maxBytes` of the options, or than what the backend keeps under one key.",
  "session/unclear":
    "The answer to an earlier write of this request was lost, and so many others have written since that nobody knows whether it was done. What may be done twice was merged again; changes of counters and of lists that are appended to were not.",
  "session/unknown-environment":
    "session.config.ts names a backend per NODE_ENV, but none for the one the application was started with.",
  "session/weak-id":
    "An id of fewer than 16 random bytes can be guessed, and whoever guesses one is logged in as its user; more than 64 do not fit.",
  "store/closed": "The store was used after close().",
  "store/denied":
    "The backend refuses the credentials, or the account lacks a permission that the store needs.",
  "store/failed-module":
    "The module that the config names as `client` threw while it was loaded, such as at a top-level `await` of a connection that was out of reach. Node and bundlers remember that, and give the same error for as long as the process runs.",
  "store/full":
    "The backend has no room for the session: its memory, its disk or a limit of the store is used up.",
  "store/invalid-expiry":
    "express-session was given a cookie that expires at no time at all, such as an invalid date; the session would never end, or never begin.",
  "store/locked":
    "Another process holds the lock of the session, or of the database, for longer than a request can wait.",
  "store/missing-driver": "The backend needs a package that is not installed.",
  "store/no-database": "The server was reached, and has no database of the name that the address gives.",
  "store/not-migrated":
    "The table or collection that sessions are kept in is missing, or has another form than the configuration asks for.",
  "store/read-only":
    "The backend can be read but not written: a replica, a read-only file system, or missing permissions.",
  "store/timeout": "The backend did not answer within the deadline of the operation.",
  "store/too-large": "The session, encoded, is larger than the backend can keep under one key.",
  "store/unavailable":
    "The backend could not be reached, or it failed in a way that has nothing to do with the session.",
  "testing/in-production":
    "The kit for tests was asked to keep sessions in memory, while NODE_ENV says that this is production: all users would be logged out.",
  "transport/invalid-option":
    "Sessions cannot travel as `transport` says: a header is no header's name or has another meaning, a transport is named twice, or the sessions are kept in the cookie itself.",
};
