import type { ZodType } from "zod";
import type { Type } from "../type.js";

/** What a policy is told of the field it is given to. */
export interface PolicyField {
  /** Behind references and what merely allows `null` or `undefined`. */
  readonly type: Type;
  /** It cannot be absent, and nothing stands in for it. */
  readonly required: boolean;
  /** Its values are shown nowhere. */
  readonly redacted: boolean;
  /** A change of it gives the session a new id. */
  readonly regenerates: boolean;
  /** It says which user it is. */
  readonly identified: boolean;
  /** Gives the type behind references, as of `type`. */
  resolve(type: Type): Type;
}

/** What a policy needs to become code. */
export interface PolicyText {
  /** Gives a value as an expression. */
  text(value: unknown): string;
  /** The field's type, as TypeScript has it. */
  readonly type: string;
  /** The field is a list. */
  readonly list: boolean;
  /** What the function is called that the policy imports, if it imports one. */
  readonly imported: string | undefined;
  /** Milliseconds, for a human. */
  duration(milliseconds: number): string;
}

/** An option of the same field that cannot be what it is, and why. */
export interface PolicyConflict {
  readonly option: string;
  readonly summary: string;
}

/**
 * All that one policy means. It is given to a field under `fields` in the config, by the name of
 * its file. What the runtime does with it is the runtime's affair.
 */
export interface Policy<Value> {
  /** What the config may say, and what becomes of it. */
  readonly schema: ZodType<Value>;
  /** The lock says it in a place of its own, and not with the field. */
  readonly elsewhere?: boolean;
  /** Can be given to a part of a field, too. */
  readonly parts?: boolean;
  /** Says what of the field does not fit, in sentences. */
  problems?(value: Value, field: PolicyField): readonly string[];
  /** Says what of the config does not fit. @param path - of the field */
  conflicts?(
    value: Value,
    path: string,
    config: { readonly policy: { readonly index?: unknown }; readonly encryption: boolean },
  ): readonly PolicyConflict[];
  /**
   * Says in a sentence what users of the field should know; nothing where nothing is to be said.
   */
  sentence?(value: Value, text: Pick<PolicyText, "list" | "duration">): string | undefined;
  /**
   * Gives the line of the field's definition, without a comma: `redact: true`; nothing where the
   * value asks for nothing. What stands behind the comma comes second.
   */
  line?(value: Value, text: PolicyText): readonly [line: string, comment?: string] | undefined;
}

/** Gives the line of a policy that is on or off, or stands as it is. */
export function lineOf(name: string): NonNullable<Policy<unknown>["line"]> {
  return (value, { text }) => (value === false ? undefined : [`${name}: ${text(value)}`]);
}
