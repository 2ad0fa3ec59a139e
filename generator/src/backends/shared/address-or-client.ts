/**
 * Gives what a backend needs that takes an address, or a module of the application's that exports a
 * client.
 */
export function addressOrClient(
  ...addresses: readonly string[]
): readonly [(options: object) => boolean, { readonly error: string }] {
  const names = [...addresses, "client"];
  return [
    (options: object) => names.some((name) => Reflect.get(options, name) !== undefined),
    { error: `expected ${names.join(" or ")}` },
  ];
}
