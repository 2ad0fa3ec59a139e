import { sessionRoute } from "../session/nuxt";

export default sessionRoute();
