/**
 * How deep lists and objects may lie in each other. Deeper nesting is refused in both directions: a
 * hostile payload must not exhaust the stack, and what was read must be possible to write again.
 */
export const MAX_DEPTH = 512;
