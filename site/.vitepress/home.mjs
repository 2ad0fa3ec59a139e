/** What the first page looks like; its text is docs/index.md. */
export const home = {
  layout: "home",
  hero: {
    name: "sessgen",
    text: "Typed sessions, generated",
    tagline: "Declare the fields and a backend; get a class, its serializer, migrations and framework glue.",
    actions: [
      { theme: "brand", text: "First steps", link: "/first-steps" },
      { theme: "alt", text: "How it compares", link: "/compare" },
      { theme: "alt", text: "What it does not do", link: "/limits" },
    ],
  },
};
