import { useRouter } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useState } from "react";

/**
 * A form whose fields are sent to a server function. The page is loaded anew with what has changed.
 */
export function Form({
  action,
  children,
}: {
  readonly action: (given: { data: FormData }) => Promise<unknown>;
  readonly children: ReactNode;
}) {
  const router = useRouter();
  const [error, setError] = useState<string>();
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    try {
      const message = await action({ data });
      setError(typeof message === "string" ? message : undefined);
      await router.invalidate();
    } catch {
      setError("That did not work");
    }
  };
  return (
    <form onSubmit={send}>
      {children}
      {error !== undefined && <p role="alert">{error}</p>}
    </form>
  );
}
