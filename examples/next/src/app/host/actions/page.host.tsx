import { session } from "../../../session/next";
import { add, addTwice } from "./actions";

/** A form for each way in which a Server Action can end. */
export default async function Page() {
  const { visits } = await session();
  return (
    <main>
      <p>Visits: {visits}</p>
      {(["nothing", "redirect", "not-found", "error"] as const).map((end) => (
        <form key={end} action={add.bind(null, end)}>
          <button type="submit">{end}</button>
        </form>
      ))}
      <form action={addTwice}>
        <button type="submit">twice</button>
      </form>
    </main>
  );
}
