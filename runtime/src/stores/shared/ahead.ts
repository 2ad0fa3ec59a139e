/**
 * Asks for the next page while the caller looks at this one, so that the backend and this process
 * work at the same time.
 */
export async function* ahead<Page>(pages: AsyncGenerator<Page, void>): AsyncGenerator<Page, void> {
  let next = pages.next();
  try {
    for (;;) {
      const { done, value } = await next;
      if (done) return;
      next = pages.next();
      // Whoever waits for it is told what happened; nobody does after the last page that is taken.
      next.catch(() => {});
      yield value;
    }
  } finally {
    void pages.return();
  }
}
