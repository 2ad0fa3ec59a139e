import type { Session } from "../../../session";
import { session } from "../../../session/next";
import { add } from "../actions/actions";

/** Tries what a Server Component cannot do, past the compiler, and shows what comes of it. */
export default async function Page() {
  const reading = (await session()) as object as Session;
  const tried = {
    assigned: await codeOf(() => {
      reading.visits = 100;
    }),
    removed: await codeOf(() => Reflect.deleteProperty(reading, "visits")),
    inPlace: await codeOf(() => reading.cart.push({ sku: "tea", quantity: 1 })),
    committed: await codeOf(() => reading.$commit()),
    acted: await codeOf(() => add("nothing")),
    same: (await session()).visits === reading.visits,
  };
  return <pre>{JSON.stringify(tried)}</pre>;
}

async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
    return "nothing was thrown";
  } catch (error) {
    const { code, name } = error as { readonly code?: string; readonly name: string };
    return code ?? name;
  }
}
