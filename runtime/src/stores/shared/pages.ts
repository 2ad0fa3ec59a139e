/** How many sessions a lookup reads at a time. */
export const PAGE = 400;

/** How many it reads where it takes no more than their beginnings. */
export const LONG_PAGE = 1000;
