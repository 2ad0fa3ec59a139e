import type { Doc } from "../../../code/doc.js";
import { binary, stringText } from "../../../code/syntax.js";
import type { Pattern, StringType } from "../../../model/model.js";
import { counted } from "../bounds.js";
import { formatOf } from "../formats.js";
import type { Path } from "../path.js";
import { type Refusal, type Rule, refuse, refuseEach } from "../rules.js";
import type { Checks, Kind } from "./kind.js";
import { scalar } from "./scalar.js";

const text = scalar<StringType>("string", { asIs: true });

/** Longer patterns are not shown: nobody reads them in a message. */
const SHOWN_PATTERN = 60;

export const string: Kind<StringType> = {
  typeText: (type) => [type.typeText ?? "string"],
  test: (_type, value) => `typeof ${value} === "string"`,
  check(type, value, path, to) {
    const bounds = lengths(type, value, path, to);
    const form = formRules(type, value, path, to);
    const [first, ...others] = form;
    const wrong = `typeof ${value} !== "string"`;
    // A bound comes before a pattern, which may take long for a long text.
    if (bounds.length > 0 || first === undefined || type.format === undefined)
      return [
        refuse(wrong, path, "a string"),
        ...bounds,
        ...form.map(({ rule }) => rule),
        ...parts(type, value, path),
      ];
    const whole = first.saysString ? first.rule.wrong : [wrong, ...first.rule.wrong];
    return [{ ...first.rule, wrong: whole }, ...others.map(({ rule }) => rule), ...parts(type, value, path)];
  },
  plain: () => ["string"],
  ...text,
  codec: (type, to) => typed(type, to.use("stringCodec"), (own) => `Codec<${own}>`),
  read: (type, to) => typed(type, text.read(type, to)),
  fromPlain: (type, value, to) => typed(type, text.fromPlain(type, value, to)),
};

/** Zod 4 counts code points, Zod 3 UTF-16 code units. */
function lengths({ minLength, maxLength }: StringType, value: string, path: Path, to: Checks): Rule[] {
  const isShorter = (length: number): string =>
    to.zod === 3 || length < 2
      ? `${value}.length < ${length}`
      : `${to.use("isShorter")}(${value}, ${length})`;
  const isLonger = (length: number): string =>
    to.zod === 3 || length < 1 ? `${value}.length > ${length}` : `${to.use("isLonger")}(${value}, ${length})`;
  const text = (words: string, length: number): string =>
    `a string of ${words}${counted(length, "character")}`;
  if (minLength !== undefined && minLength === maxLength) {
    const units = to.zod === 3 || minLength < 1;
    const wrong = units ? [`${value}.length !== ${minLength}`] : [isShorter(minLength), isLonger(minLength)];
    return [refuseEach(wrong, path, text("", minLength))];
  }
  const rules: Rule[] = [];
  if (minLength !== undefined) rules.push(refuse(isShorter(minLength), path, text("at least ", minLength)));
  if (maxLength !== undefined) rules.push(refuse(isLonger(maxLength), path, text("at most ", maxLength)));
  return rules;
}

interface Form {
  readonly rule: Refusal;
  /** It refuses what is no string, too. */
  readonly saysString: boolean;
}

/** Format and patterns. */
function formRules(type: StringType, value: string, path: Path, to: Checks): Form[] {
  const { format, patterns } = type;
  const what = `a string in the format ${format}`;
  const [own, ...others] = patterns.map((pattern, index) => {
    const predicate = formatOf(pattern);
    const name = format !== undefined && index === 0 ? format : undefined;
    const test = predicate === undefined ? `${to.pattern(pattern, name)}.test` : to.use(predicate);
    return { pattern, predicate, wrong: `!${test}(${value})` };
  });
  const rest = others.map(({ pattern, wrong }) => matching(pattern, wrong, path));
  if (own === undefined) return functionRules(format, value, path, to);
  if (format === undefined) return [matching(own.pattern, own.wrong, path), ...rest];
  // What its pattern lets through may be no URL nevertheless.
  const wrong = format === "url" ? [`!${to.use("isUrl")}(${value})`, own.wrong] : [own.wrong];
  const predicate = format === "url" || own.predicate !== undefined;
  return [{ rule: refuseEach(wrong, path, what), saysString: predicate }, ...rest];
}

/** Formats that are no patterns. */
function functionRules(format: StringType["format"], value: string, path: Path, to: Checks): Form[] {
  const rule = (wrong: string, saysString: boolean): Form[] => [
    { rule: refuse(wrong, path, `a string in the format ${format}`), saysString },
  ];
  if (format === "url") return rule(`!${to.use("isUrl")}(${value})`, true);
  if (format === "lowercase") return rule(`${value} !== ${value}.toLowerCase()`, false);
  if (format === "uppercase") return rule(`${value} !== ${value}.toUpperCase()`, false);
  return [];
}

function matching(pattern: Pattern, wrong: string, path: Path): Form {
  return { rule: refuse(wrong, path, `a string that matches ${patternText(pattern)}`), saysString: false };
}

function parts({ includes = [], startsWith, endsWith }: StringType, value: string, path: Path): Rule[] {
  const rule = (method: string, verb: string, part: string): Rule => {
    const text = stringText(part);
    return refuse(`!${value}.${method}(${text})`, path, `a string that ${verb} ${text}`);
  };
  return [
    ...includes.map((part) => rule("includes", "contains", part)),
    ...(startsWith === undefined ? [] : [rule("startsWith", "starts with", startsWith)]),
    ...(endsWith === undefined ? [] : [rule("endsWith", "ends with", endsWith)]),
  ];
}

function patternText({ source, flags }: Pattern): string {
  const text = `/${source}/${flags}`;
  return text.length > SHOWN_PATTERN ? "the pattern of its schema" : text;
}

/** Templates of text are text to readers. */
function typed({ typeText }: StringType, read: Doc, wrap = (text: string): string => text): Doc {
  return typeText === undefined ? read : binary(read, ` as ${wrap(typeText)}`);
}
