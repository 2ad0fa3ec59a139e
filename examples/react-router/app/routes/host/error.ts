export function loader() {
  throw new Error("The loader failed");
}
