import type { ResponseHeader } from "../../transports/transport.js";
import type { StoredState } from "./stored-state.js";

/** A transport as one request uses it: the way back to its client. */
export interface BoundTransport {
  /** Whatever is saved goes back to the client. */
  readonly repeats: boolean;
  /** The session itself travels: what cannot be handed out is not saved. */
  readonly carries?: true;
  /**
   * Gives the headers that hand the session out.
   * @throws SessionError `store/too-large` where it travels itself
   */
  handOut(stored: StoredState, permanent: boolean): readonly ResponseHeader[];
  /** Gives the headers that make the client forget its session. */
  forget(): readonly ResponseHeader[];
}
