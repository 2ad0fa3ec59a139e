export { useSession } from "../../server/session/nuxt-composable";
