import { readFileSync } from 'node:fs';
import { type Document, isMap, isNode, isSeq, LineCounter, parseDocument } from 'yaml';
import { type Fault, pathText } from './faults.ts';
import { type GoldenYml, goldenYml } from './golden-yml.ts';
import { faultsOf, type PathFault } from './issues.ts';
import { brokenRules } from './rules.ts';

/** What a file says, or everything that is wrong with it. */
export type FileReading =
  | { readonly yml: GoldenYml; readonly faults?: never }
  | { readonly yml?: never; readonly faults: readonly Fault[] };

/** Reads and checks golden.yml. Never throws. */
export function readGoldenYml(file: string): FileReading {
  let source: string;
  try {
    source = readFileSync(file, 'utf8');
  } catch (error) {
    return { faults: [unreadable(file, error as NodeJS.ErrnoException)] };
  }
  return parseGoldenYml(source, file);
}

/** Checks the text of golden.yml. Never throws. @param file Its name, for people. */
export function parseGoldenYml(source: string, file: string): FileReading {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  // A tag such as !!js is a mere warning to the parser, but the value is not what its author meant.
  const mistakes = [...document.errors, ...document.warnings];
  if (mistakes.length > 0) {
    return {
      faults: mistakes.map(({ message, pos }) => ({
        path: file,
        place: placeOf(file, lines, pos[0]),
        problem: `is not valid YAML: ${message.trim().replace(/\.$/, '')}`,
        remedy: 'Mend the line; indentation is by spaces, and text with ": ", "#" or a leading "*" needs quotes.',
      })),
    };
  }
  let written: unknown;
  try {
    written = document.toJS({ maxAliasCount: 100 });
  } catch {
    return { faults: [{ path: file, problem: 'has too many aliases', remedy: 'Write the values out.' }] };
  }
  const result = goldenYml.safeParse(written ?? {});
  const faults = [...(result.success ? [] : faultsOf(result.error.issues, written)), ...brokenRules(written)];
  if (result.success && faults.length === 0) return { yml: result.data };
  return { faults: faults.map((fault) => located(fault, file, document, lines)) };
}

function unreadable(file: string, error: NodeJS.ErrnoException): Fault {
  return error.code === 'ENOENT'
    ? {
        path: 'GOLDEN_CONFIG',
        found: file,
        problem: 'names a file that does not exist',
        remedy:
          'Copy golden.example.yml to golden.yml and fill in your galleries and teams, or point GOLDEN_CONFIG at your file.',
      }
    : {
        path: 'GOLDEN_CONFIG',
        found: file,
        problem: `names a file that cannot be read: ${error.code ?? error.message}`,
        remedy: 'Let the user that runs golden read the file.',
      };
}

function located({ parts, ...fault }: PathFault, file: string, document: Document, lines: LineCounter): Fault {
  const offset = offsetOf(document, parts);
  return {
    ...fault,
    path: parts.length === 0 ? file : pathText(parts),
    ...(offset === undefined ? {} : { place: placeOf(file, lines, offset) }),
  };
}

/** Where the deepest part of a path that is there begins: a missing key is reported at the mapping it is missing from. */
function offsetOf(document: Document, parts: readonly PropertyKey[]): number | undefined {
  let here: unknown = document.contents;
  let offset: number | undefined;
  for (const part of parts) {
    if (isMap(here)) {
      const pair = here.items.find(({ key }) => String(isNode(key) ? key.toJSON() : key) === String(part));
      if (!pair) return offset;
      offset = (isNode(pair.key) ? pair.key.range?.[0] : undefined) ?? offset;
      here = pair.value;
    } else if (isSeq(here)) {
      here = here.items[Number(part)];
      offset = (isNode(here) ? here.range?.[0] : undefined) ?? offset;
    } else {
      return offset;
    }
  }
  return offset;
}

function placeOf(file: string, lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${file}:${line}:${col}`;
}
