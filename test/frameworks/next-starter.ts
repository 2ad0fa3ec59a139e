/** What create-next-app writes, as far as the guide needs it. */
export const nextStarter: Readonly<Record<string, string>> = {
  "package.json": JSON.stringify({
    name: "shop",
    scripts: { dev: "next dev", build: "next build", start: "next start" },
    dependencies: { next: "*", react: "*", "react-dom": "*" },
  }),
  "tsconfig.json": JSON.stringify({
    compilerOptions: {
      ...{ target: "ES2017", lib: ["dom", "dom.iterable", "esnext"], allowJs: true, skipLibCheck: true },
      ...{ strict: true, noEmit: true, esModuleInterop: true, module: "esnext", moduleResolution: "bundler" },
      ...{ resolveJsonModule: true, isolatedModules: true, jsx: "react-jsx", incremental: true },
      ...{ plugins: [{ name: "next" }], paths: { "@/*": ["./src/*"] } },
    },
    include: ["next-env.d.ts", "**/*.ts", "**/*.tsx", ".next/types/**/*.ts", ".next/dev/types/**/*.ts"],
    exclude: ["node_modules"],
  }),
  "next.config.ts": `import type { NextConfig } from "next";

const nextConfig: NextConfig = {};

export default nextConfig;
`,
  "src/app/layout.tsx": `import type { ReactNode } from "react";

export default function RootLayout({ children }: Readonly<{ children: ReactNode }>) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
`,
};
