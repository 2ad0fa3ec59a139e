import type { Type } from "../../../model/model.js";
import type { Kind } from "./kind.js";

type ScalarName = "string" | "number" | "bigint" | "boolean" | "date" | "bytes" | "buffer" | "unknown";

/**
 * Says how a type is stored that the runtime has methods and a codec for.
 * @param asIs - json and msgpack hold it as it is
 */
export function scalar<T extends Type>(
  name: ScalarName,
  { asIs = false }: { readonly asIs?: boolean } = {},
): Pick<Kind<T>, "codec" | "write" | "read" | "toPlain" | "fromPlain"> {
  const read = `read${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return {
    codec: (_type, to) => to.use(`${name}Codec`),
    write: (_type, value) => `writer.${name}(${value});`,
    read: () => `reader.${name}()`,
    toPlain: (_type, value, to) => (asIs ? value : `${to.plain}.${name}(${value})`),
    fromPlain: (_type, value) => `plain.${read}(${value})`,
  };
}

/** Says how a type is stored that has a codec of its own. */
export function composite<T extends Type>(): Pick<Kind<T>, "write" | "read" | "toPlain" | "fromPlain"> {
  return {
    write: (type, value, to) => `${to.constant(type)}.write(writer, ${value});`,
    read: (type, to) => `${to.constant(type)}.read(reader)`,
    toPlain: (type, value, to) => `${to.constant(type)}.toPlain(${value}, ${to.plain})`,
    fromPlain: (type, value, to) => `${to.constant(type)}.fromPlain(${value}, plain)`,
  };
}

/** Says how a type is packed by functions of its own. */
export function functional<T extends Type>(): Pick<
  Kind<T>,
  "codec" | "write" | "read" | "toPlain" | "fromPlain"
> {
  return {
    ...composite<T>(),
    codec: (type, to) => to.constant(type),
    write: (type, value, to) => `${to.functions(type).write}(writer, ${value});`,
    read: (type, to) => `${to.functions(type).read}(reader)`,
  };
}
