import type { Screen } from '../command.ts';
import type { Environment } from '../config/variables.ts';

/** The part of a stream that tells what it can show. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const NARROWEST = 40;
const WIDEST = 500;
const OTHERWISE = 80;

/**
 * What the output can show. Colour: `--no-color` and NO_COLOR (https://no-color.org) say no, FORCE_COLOR says yes (or no, by
 * `0` or `false`); else a terminal that is not dumb has it. Width: COLUMNS, else the terminal's, else 80.
 */
export function screenOf(output: Output, env: Environment, options: { readonly noColor: boolean }): Screen {
  return { width: widthOf(output, env), colour: hasColour(output, env, options.noColor) };
}

function hasColour(output: Output, env: Environment, noColor: boolean): boolean {
  if (noColor || isSet(env.NO_COLOR)) return false;
  if (env.FORCE_COLOR !== undefined) return !['0', 'false'].includes(env.FORCE_COLOR.toLowerCase());
  return output.isTTY === true && env.TERM !== 'dumb';
}

function widthOf(output: Output, env: Environment): number {
  const told = Number(isSet(env.COLUMNS) ? env.COLUMNS : output.columns);
  const width = Number.isInteger(told) && told > 0 ? told : OTHERWISE;
  return Math.min(Math.max(width, NARROWEST), WIDEST);
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}
