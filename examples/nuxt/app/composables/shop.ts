import { useRequestFetch } from "nuxt/app";

/** Gives the function that changes something, as pages of this application do: with their token. */
export function usePost(): (path: string, body?: Readonly<Record<string, unknown>>) => Promise<void> {
  const fetch = useRequestFetch();
  return async (path, body = {}) => {
    const { token } = await fetch<{ token: string }>("/api/csrf");
    await fetch(path, { method: "POST", body, headers: { "x-csrf-token": token } });
  };
}
