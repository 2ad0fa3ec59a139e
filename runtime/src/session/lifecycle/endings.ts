/**
 * Who wants to know when this process ends a session or gives it another id. Other processes tell
 * nobody: see {@link connectSession}, which asks the store from time to time.
 */
export class Endings {
  readonly #listeners = new Map<string, Set<() => void>>();

  /** Listens, until the returned function is called. */
  on(key: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(key);
    };
  }

  /** Tells that the store has answered: the session is under this key no longer. */
  publish(key: string): void {
    for (const listener of this.#listeners.get(key) ?? []) listener();
  }
}
