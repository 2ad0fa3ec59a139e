/** How many streams are open. */
export const streams = { open: 0 };
