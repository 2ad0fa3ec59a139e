import type { Metadata } from "next";
import type { ReactNode } from "react";
import "./shop.css";

export const metadata: Metadata = { title: "A small shop" };

export default function Layout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
