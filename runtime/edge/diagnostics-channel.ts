// Takes the place of `node:diagnostics_channel` where there is none: nobody listens. Events of the
// sessions themselves are heard.
const silent = { hasSubscribers: false, publish(): void {} };

export function channel(): typeof silent {
  return silent;
}
