import { createRootRoute, HeadContent, Outlet, Scripts } from "@tanstack/react-router";
import "../shop.css";

export const Route = createRootRoute({
  head: () => ({
    meta: [
      { charSet: "utf-8" },
      { name: "viewport", content: "width=device-width, initial-scale=1" },
      { title: "A small shop" },
    ],
    links: [{ rel: "icon", href: "data:," }],
  }),
  component: () => (
    <html lang="en">
      <head>
        <HeadContent />
      </head>
      <body>
        <main>
          <Outlet />
        </main>
        <Scripts />
      </body>
    </html>
  ),
});
