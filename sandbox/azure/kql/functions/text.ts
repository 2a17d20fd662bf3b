import { toRegExp } from '../comparison.ts';
import { asText, type Expression } from '../expression.ts';
import { type Row, toNumber, toText, type Value } from '../values.ts';
import type { FunctionBuilder } from './index.ts';

type TextFunction = (text: string) => Value;

const onText =
  (apply: TextFunction): FunctionBuilder =>
  ([input]) => {
    const text = textOf(input);
    return (row) => apply(text(row));
  };

/** The text of an argument that the analysis guarantees, or of an optional one. */
export function textOf(input: Expression | undefined): (row: Row) => string {
  return input ? asText(input) : () => '';
}

/** The number of an argument, `fallback` when it is absent or null. */
export function numberOf(input: Expression | undefined, fallback: number): (row: Row) => number {
  return (row) => (input ? (toNumber(input.evaluate(row)) ?? fallback) : fallback);
}

/** A regular expression argument: made once when constant, which it always is in practice. */
function regexOf(input: Expression | undefined, wrap: (pattern: string) => string, flags = ''): (row: Row) => RegExp {
  const text = textOf(input);
  if (!input?.constant) return (row) => toRegExp(wrap(text(row)), flags);
  const regex = toRegExp(wrap(text([])), flags);
  return () => regex;
}

const trimWith = (wrap: (pattern: string) => string): FunctionBuilder => {
  return ([pattern, input]) => {
    const regex = regexOf(pattern, wrap, 'g');
    const text = textOf(input);
    return (row) => text(row).replace(regex(row), '');
  };
};

const replaceText: FunctionBuilder = ([input, search, replacement]) => {
  const [text, from, to] = [textOf(input), textOf(search), textOf(replacement)];
  return (row) => text(row).replaceAll(from(row), () => to(row));
};

/** `\1` in the replacement is a group. */
const replaceRegex: FunctionBuilder = ([input, pattern, replacement]) => {
  const regex = regexOf(pattern, (source) => source, 'g');
  const [text, to] = [textOf(input), textOf(replacement)];
  return (row) =>
    text(row).replace(
      regex(row),
      to(row)
        .replaceAll('$', '$$$$')
        .replace(/\\(\d)/g, (_, digit: string) => (digit === '0' ? '$&' : `$${digit}`)),
    );
};

const extract: FunctionBuilder = ([pattern, group, input]) => {
  const regex = regexOf(pattern, (source) => source);
  const [index, text] = [numberOf(group, 0), textOf(input)];
  return (row) => regex(row).exec(text(row))?.[index(row)] ?? '';
};

/** With one capture group a list of texts, with several a list of lists. */
const extractAll: FunctionBuilder = (inputs) => {
  const regex = regexOf(inputs[0], (source) => source, 'g');
  const text = textOf(inputs.at(-1));
  return (row) => {
    const matches = [...text(row).matchAll(regex(row))].map((match) => match.slice(1).map((each) => each ?? ''));
    return matches.length === 0 ? null : matches.map((groups) => (groups.length === 1 ? (groups[0] ?? '') : groups));
  };
};

const split: FunctionBuilder = ([input, delimiter, wanted]) => {
  const [text, by] = [textOf(input), textOf(delimiter)];
  if (!wanted) return (row) => text(row).split(by(row));
  const index = numberOf(wanted, 0);
  return (row) =>
    text(row)
      .split(by(row))
      .slice(index(row), index(row) + 1);
};

const substring: FunctionBuilder = ([input, start, length]) => {
  const [text, from, count] = [textOf(input), numberOf(start, 0), numberOf(length, Number.POSITIVE_INFINITY)];
  return (row) => {
    const whole = text(row);
    const begin = from(row) < 0 ? Math.max(0, whole.length + from(row)) : from(row);
    return whole.slice(begin, begin + Math.max(0, count(row)));
  };
};

const indexOf: FunctionBuilder = ([input, search, start]) => {
  const [text, needle, from] = [textOf(input), textOf(search), numberOf(start, 0)];
  return (row) => text(row).indexOf(needle(row), from(row));
};

const countOf: FunctionBuilder = ([input, search, kind]) => {
  const [text, needle] = [textOf(input), textOf(search)];
  const isRegex = textOf(kind)([]) === 'regex';
  return (row) => {
    if (isRegex) return [...text(row).matchAll(toRegExp(needle(row), 'g'))].length;
    let count = 0;
    for (let at = text(row).indexOf(needle(row)); at >= 0; at = text(row).indexOf(needle(row), at + 1)) count++;
    return count;
  };
};

const concatenate: FunctionBuilder = (inputs) => {
  const texts = inputs.map(textOf);
  return (row) => {
    let joined = '';
    for (const text of texts) joined += text(row);
    return joined;
  };
};

const concatenateDelimited: FunctionBuilder = ([delimiter, ...inputs]) => {
  const by = textOf(delimiter);
  const texts = inputs.map(textOf);
  return (row) => texts.map((text) => text(row)).join(by(row));
};

const concatenateArray: FunctionBuilder = ([array, delimiter]) => {
  const by = textOf(delimiter);
  return (row) => {
    const value = array?.evaluate(row) ?? null;
    return Array.isArray(value) ? (value as Value[]).map((each) => toText(each, 'dynamic')).join(by(row)) : '';
  };
};

const compareTexts: FunctionBuilder = ([left, right]) => {
  const [a, b] = [textOf(left), textOf(right)];
  return (row) => (a(row) === b(row) ? 0 : a(row) < b(row) ? -1 : 1);
};

function decodeUrl(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Functions over text. An argument that is no text is read as `tostring` of it. */
export const textFunctions: Record<string, FunctionBuilder> = {
  tolower: onText((text) => text.toLowerCase()),
  toupper: onText((text) => text.toUpperCase()),
  strlen: onText((text) => [...text].length),
  reverse: onText((text) => [...text].reverse().join('')),
  url_decode: onText(decodeUrl),
  url_encode: onText(encodeURIComponent),
  trim: trimWith((pattern) => `^(?:${pattern})|(?:${pattern})$`),
  trim_start: trimWith((pattern) => `^(?:${pattern})`),
  trim_end: trimWith((pattern) => `(?:${pattern})$`),
  strcat: concatenate,
  strcat_delim: concatenateDelimited,
  strcat_array: concatenateArray,
  split,
  substring,
  indexof: indexOf,
  extract,
  extract_all: extractAll,
  replace_string: replaceText,
  replace_regex: replaceRegex,
  replace: ([pattern, replacement, input], scope, type) =>
    replaceRegex(
      [input, pattern, replacement].filter((each) => each !== undefined),
      scope,
      type,
    ),
  strcmp: compareTexts,
  countof: countOf,
};
