/** The limits of backends without conditional writes. */
export const notAtomic: readonly string[] = [
  "Atomic within one process only: when two processes change a session at once, one of the changes may be lost.",
  "A session that one process destroys, or gives another id, while another one writes it may come back under the old id.",
  "Everybody cannot be logged out at once (`revokeAll`): empty the store for that.",
];
