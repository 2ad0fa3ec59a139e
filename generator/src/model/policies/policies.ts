import type { Duration } from "../../config/values.js";
import { type ClientPolicy, client } from "./client.js";
import { type EncryptPolicy, encrypt } from "./encrypt.js";
import { type FlashPolicy, flash } from "./flash.js";
import {
  type IdentityPolicy,
  identity,
  type OnLoginPolicy,
  type OnNewUserPolicy,
  onLogin,
  onNewUser,
} from "./identity.js";
import { type IndexPolicy, index } from "./indexed.js";
import { type ListPolicy, list } from "./list.js";
import { type MergePolicy, merge } from "./merge.js";
import type { Policy } from "./policy.js";
import { type RedactPolicy, redact } from "./redact.js";
import { type RegeneratePolicy, regenerate } from "./regenerate.js";
import { type TtlPolicy, ttl } from "./ttl.js";
import { type UpcastPolicy, upcast } from "./upcast.js";
import { type WasPolicy, was } from "./was.js";

/** What applies to one field. */
export interface FieldPolicies<Time = Duration>
  extends MergePolicy,
    FlashPolicy,
    TtlPolicy<Time>,
    RegeneratePolicy,
    IdentityPolicy,
    OnLoginPolicy,
    OnNewUserPolicy,
    RedactPolicy,
    EncryptPolicy,
    ClientPolicy,
    ListPolicy,
    IndexPolicy,
    WasPolicy,
    UpcastPolicy {}

/**
 * The policies of `fields` in the config that concern one field, once they are read: durations are
 * milliseconds.
 */
export type FieldPolicy = FieldPolicies<number>;

/**
 * Every policy, in the order in which they stand in emitted code. To add one: its file, and its
 * name here and above.
 */
export const policies: {
  readonly [Name in keyof FieldPolicy]-?: Policy<NonNullable<FieldPolicy[Name]>>;
} = {
  merge,
  flash,
  regenerate,
  identity,
  onLogin,
  onNewUser,
  redact,
  encrypt,
  client,
  list,
  index,
  ttl,
  was,
  upcast,
};

/** The policies that can be given to a part of a field, too. */
export const partPolicies: readonly string[] = Object.entries(policies).flatMap(([name, { parts }]) =>
  parts ? [name] : [],
);

/** Calls back with each policy that a field has, and its value. */
export function eachPolicy<Result>(
  given: FieldPolicy,
  call: (policy: Policy<unknown>, value: unknown, name: string) => Result,
): Result[] {
  return Object.entries(policies).flatMap(([name, policy]) => {
    const value: unknown = given[name as keyof FieldPolicy];
    return value === undefined ? [] : [call(policy as unknown as Policy<unknown>, value, name)];
  });
}
