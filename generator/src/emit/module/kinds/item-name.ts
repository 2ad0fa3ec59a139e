const ordinals = ["first", "second", "third", "fourth", "fifth"];

/** Gives what the item of a tuple is called. */
export function itemName(index: number): string {
  return ordinals[index] ?? `item${index + 1}`;
}
