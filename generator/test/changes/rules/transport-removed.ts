import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "who brings the token that way is anonymous",
    {
      given: async ({ older, newer }) => {
        const session = await older.sessions.open({ authorization: "Bearer" });
        session.visits = 1;
        await session.$commit();
        const [[, token] = []] = session.$headers.filter(
          ([name]: [string]) => name.toLowerCase() === "session-token",
        );
        const request = { authorization: `Bearer ${token}` };
        return [(await older.sessions.open(request)).visits, (await newer.sessions.open(request)).visits];
      },
      want: [1, 0],
    },
  ],
];
