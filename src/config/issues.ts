import type { z } from 'zod';
import { nearest } from '../core/nearest.ts';
import { type Fault, pathText, shown } from './faults.ts';
import type { LeafIssue } from './leaf.ts';

/** A fault of the file, still with its path in parts so that its line can be found. */
export interface PathFault extends Omit<Fault, 'path' | 'place'> {
  readonly parts: readonly PropertyKey[];
}

/** Puts what the schema found wrong in words. `written` is the file's content, to show the values in question. */
export function faultsOf(issues: readonly z.core.$ZodIssue[], written: unknown): readonly PathFault[] {
  return issues.flatMap((issue): PathFault[] => {
    const value = valueAt(written, issue.path);
    const parts = issue.path;
    switch (issue.code) {
      case 'custom': {
        const { problem, remedy, found } = issue.params as unknown as LeafIssue;
        return [{ parts, problem, remedy, found }];
      }
      case 'unrecognized_keys': {
        const known = issue.message.split(', ');
        return issue.keys.map((key) => unknownKey([...parts, key], key, known));
      }
      case 'too_small':
        return [
          {
            parts,
            problem: `is not ${issue.message}`,
            remedy: 'Fill the list, or remove the key.',
            found: shown(value),
          },
        ];
      default:
        return [wrongKind(parts, issue.message, value)];
    }
  });
}

/** The value at a path, or undefined where there is none. */
export function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (here, part) =>
      typeof here === 'object' && here !== null && Object.hasOwn(here, part)
        ? (here as Record<PropertyKey, unknown>)[part]
        : undefined,
    root,
  );
}

function unknownKey(parts: readonly PropertyKey[], key: string, known: readonly string[]): PathFault {
  const meant = nearest(key, known);
  const keys = `Known here: ${known.join(', ')}.`;
  return {
    parts,
    problem: 'is not a key that is known here',
    remedy: meant === undefined ? `Remove it. ${keys}` : `Did you mean ${meant}? ${keys}`,
  };
}

/** A list where a mapping should be, and the like. A mapping's message is the list of its keys, any other's a phrase. */
function wrongKind(parts: readonly PropertyKey[], message: string, value: unknown): PathFault {
  const expected = message.startsWith('a ') ? message : `a mapping with the keys ${message}`;
  const missing = value === undefined || value === null;
  return {
    parts,
    problem: missing ? `is ${value === null ? 'empty' : 'missing'}: it must be ${expected}` : `is not ${expected}`,
    remedy: `See golden.example.yml for ${parts.length === 0 ? 'the whole file' : pathText(parts)}.`,
    ...(missing ? {} : { found: shown(value) }),
  };
}
