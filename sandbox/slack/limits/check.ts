import type { Fields } from '../types.ts';

/** Where a payload is shown; it decides which blocks are allowed. */
export type Surface = 'message' | 'modal' | 'home';

/** What a check may need to know, and what it found. */
export interface Report {
  surface: Surface;
  /** Block types this workspace pretends not to know. */
  refuse: readonly string[];
  /** True for a Slack file that cannot be shown (yet). */
  unreadyFile(id: string): boolean;
  problems: { message: string; pointer: string }[];
}

/** Looks at one value and reports what Slack would say about it. */
export type Check = (value: unknown, pointer: string, report: Report) => void;

/** Reports one problem. */
export const say = (report: Report, pointer: string, message: string): void => {
  report.problems.push({ message, pointer });
};

/** True for a JSON object. */
export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Text of `min` to `max` characters. */
export const string =
  (max = Number.POSITIVE_INFINITY, min = 1): Check =>
  (value, pointer, report) => {
    if (typeof value !== 'string') say(report, pointer, 'must provide a string');
    else if (value.length < min) say(report, pointer, `must be more than ${min - 1} characters`);
    else if (value.length > max) say(report, pointer, `must be less than ${max + 1} characters`);
  };

/** Text of a given form. */
export const pattern =
  (form: RegExp, complaint: string): Check =>
  (value, pointer, report) => {
    if (typeof value !== 'string' || !form.test(value)) say(report, pointer, complaint);
  };

/** A number within bounds. */
export const number =
  (min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, whole = true): Check =>
  (value, pointer, report) => {
    if (typeof value !== 'number' || !Number.isFinite(value) || (whole && !Number.isInteger(value))) {
      say(report, pointer, whole ? 'must provide an integer' : 'must provide a number');
    } else if (value < min) say(report, pointer, `must be no less than ${min}`);
    else if (value > max) say(report, pointer, `must be no more than ${max}`);
  };

export const flag: Check = (value, pointer, report) => {
  if (typeof value !== 'boolean') say(report, pointer, 'must provide a boolean');
};

/** One of a few words. */
export const oneOf =
  (...allowed: readonly (string | number)[]): Check =>
  (value, pointer, report) => {
    if (!allowed.includes(value as string)) say(report, pointer, `must be a valid enum value: ${allowed.join(', ')}`);
  };

/** An array of `min` to `max` items. */
export const listOf =
  (item: Check, max = Number.POSITIVE_INFINITY, min = 1): Check =>
  (value, pointer, report) => {
    if (!Array.isArray(value)) return say(report, pointer, 'must provide an array');
    if (value.length > max) say(report, pointer, `no more than ${max} items allowed`);
    if (value.length < min) say(report, pointer, `no less than ${min} items allowed`);
    for (const [index, entry] of value.entries()) item(entry, `${pointer}/${index}`, report);
  };

/** An object with these fields and no others. */
export const object =
  (required: Record<string, Check>, optional: Record<string, Check> = {}): Check =>
  (value, pointer, report) => {
    if (!isObject(value)) return say(report, pointer, 'must provide an object');
    for (const key of Object.keys(required)) {
      if (value[key] === undefined || value[key] === null) say(report, pointer, `missing required field: ${key}`);
    }
    for (const [key, inner] of Object.entries(value)) {
      const check = Object.hasOwn(required, key)
        ? required[key]
        : Object.hasOwn(optional, key)
          ? optional[key]
          : undefined;
      if (!check) say(report, pointer, `invalid additional property: ${key}`);
      else if (inner !== undefined && inner !== null) check(inner, `${pointer}/${key}`, report);
    }
  };

/** The check that fits the value's `type`; types without one are unknown here. */
export const byType =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value, pointer, report) => {
    if (!isObject(value)) return say(report, pointer, 'must provide an object');
    const check = typeof value.type === 'string' && Object.hasOwn(checks, value.type) ? checks[value.type] : undefined;
    if (check) check(value, pointer, report);
    else say(report, `${pointer}/type`, `unsupported type: ${String(value.type)}`);
  };

/** Several checks of one value. */
export const all =
  (...checks: readonly Check[]): Check =>
  (value, pointer, report) => {
    for (const check of checks) check(value, pointer, report);
  };

/** An extra rule over an object; says the complaint when it does not hold. */
export const rule =
  (holds: (value: Fields) => boolean, complaint: string): Check =>
  (value, pointer, report) => {
    if (isObject(value) && !holds(value)) say(report, pointer, complaint);
  };

/** The `type` field, already looked at by `byType`. */
export const anything: Check = () => {};
