import { parseArgs } from 'node:util';
import { UserError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';

/** What was typed after `golden`. */
export interface Arguments {
  /** The first word, in lower case; `help` where there is none. */
  readonly subcommand: string;
  /** The words after it. */
  readonly words: readonly string[];
  readonly json: boolean;
  readonly limit: number | undefined;
  readonly noColor: boolean;
  readonly help: boolean;
}

const OPTIONS = {
  json: { type: 'boolean' },
  limit: { type: 'string' },
  'no-color': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

/** @throws UserError for an option that is not known or not right */
export function argumentsOf(argv: readonly string[]): Arguments {
  const { values, positionals } = parsed(argv);
  const [first, ...words] = positionals;
  return {
    subcommand: values.version ? 'version' : (first?.toLowerCase() ?? 'help'),
    words,
    json: values.json ?? false,
    limit: values.limit === undefined ? undefined : limitOf(values.limit),
    noColor: values['no-color'] ?? false,
    help: values.help ?? false,
  };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') throw unknownOption(message);
    if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') {
      throw new UserError(
        'An option has a value it does not take, or lacks one.',
        'Run "golden help" for the options; --limit takes a number.',
      );
    }
    throw error;
  }
}

function unknownOption(message: string): UserError {
  const [, option = ''] = /'(--?[^'\s]+)/.exec(message) ?? [];
  const meant = nearest(option.replace(/^-+/, ''), Object.keys(OPTIONS));
  return new UserError(
    `There is no option ${option}.`,
    meant === undefined
      ? 'Run "golden help" for the options; a name that begins with "-" goes after "--".'
      : `Did you mean --${meant}?`,
  );
}

function limitOf(text: string): number {
  const limit = Number(text);
  if (/^\d+$/.test(text) && limit >= 1 && limit <= 100_000) return limit;
  throw new UserError(`--limit ${text} is not a number of findings.`, 'Give a whole number from 1 to 100000.');
}
