import { session } from "../session/nuxt";

export default session();
