/** What was asked of the next commit, beside the fields that were changed. */
export interface Asked {
  /** Another id. */
  readonly regenerate: boolean;
  /** A new session is stored though nothing was written. */
  readonly persist: boolean;
  /** What `$permanent` was set to; `undefined` leaves it as stored. */
  readonly permanent: boolean | undefined;
  /**
   * The cookie should be sent again although nothing changed, e.g. to sign it with the new secret.
   */
  readonly resend: boolean;
}

/** Nothing, as a session begins. */
export const nothingAsked: Asked = {
  regenerate: false,
  persist: false,
  permanent: undefined,
  resend: false,
};
