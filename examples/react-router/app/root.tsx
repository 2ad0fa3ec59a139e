import type { ReactNode } from "react";
import { isRouteErrorResponse, Links, Meta, Outlet, Scripts, ScrollRestoration } from "react-router";
import { session } from "./.server/session/react-router";
import type { Route } from "./+types/root";
import "./shop.css";

export const middleware: Route.MiddlewareFunction[] = [session()];

export const meta: Route.MetaFunction = () => [{ title: "A small shop" }];

export function Layout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <Meta />
        <Links />
      </head>
      <body>
        {children}
        <ScrollRestoration />
        <Scripts />
      </body>
    </html>
  );
}

export default function App() {
  return <Outlet />;
}

/** What cannot be shown: a page that is not there, a store that is out of reach. */
export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  return (
    <main>
      <h1>{isRouteErrorResponse(error) ? `${error.status} ${error.data}` : "Something went wrong"}</h1>
    </main>
  );
}
