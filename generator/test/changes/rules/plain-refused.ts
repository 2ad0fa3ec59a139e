import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "what is still in the open reads as absent, until it is written",
    {
      example: {
        // Whose sessions are stored in the open, as those from before there was encryption.
        before:
          'schema: z.object({ token: z.string().optional() }), encryption: { secrets: [env("SECRET")], acceptPlain: true }',
      },
      class: "step",
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.token = "t";
        });
        return newer.visit((session) => session.token);
      },
      want: undefined,
    },
  ],
];
