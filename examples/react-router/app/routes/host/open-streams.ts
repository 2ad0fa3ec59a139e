/** How many streams are open. */
export const streams: { open: number } = { open: 0 };
