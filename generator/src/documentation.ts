/** Where the documentation is read: it is in no package. Ends with a slash. */
export const documentation = "https://github.com/sessgen/sessgen/blob/main/docs/";
