/**
 * A command of the SDK, as far as its attempts can be watched; the stack is the command's own,
 * whoever made the client.
 */
interface Watchable {
  readonly middlewareStack: {
    add(
      middleware: <Args, Output>(next: (args: Args) => Promise<Output>) => (args: Args) => Promise<Output>,
      options: { readonly step: "finalizeRequest"; readonly priority: "low" },
    ): void;
  };
}

/**
 * Watches what becomes of each attempt of a command, for the SDK repeats those that were throttled,
 * lost or failed, and tells only the outcome of the last one.
 * @returns says whether an attempt may have been done although it has no answer
 */
export function watchAttempts(command: Watchable): () => boolean {
  let unclear = false;
  // Inside of the SDK's own middleware that repeats, and of that which signs: an attempt without a
  // signature was not sent.
  const options = { step: "finalizeRequest", priority: "low" } as const;
  command.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        unclear ||= !isUndone(error);
        throw error;
      }
    },
    options,
  );
  return () => unclear;
}

/**
 * Whether DynamoDB answered that it did nothing, as with every status of 4xx. After one of 5xx a
 * write may have been done
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html).
 */
function isUndone(error: unknown): boolean {
  const { $metadata } = Object(error) as { readonly $metadata?: { readonly httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode ?? 0;
  return status >= 400 && status < 500;
}
