import { posix } from 'node:path';
import { parseSync } from '@swc/core';

/** One file: its path from the root of the repository, and its text. */
export interface Source {
  path: string;
  text: string;
}

/** One import. */
export interface Edge {
  from: string;
  /** A path from the root of the repository when `ours`, else the name of a package or of a module of Node. */
  to: string;
  ours: boolean;
  /** The names imported; undefined when it is the whole module, or when no names are given. */
  names: readonly string[] | undefined;
  /**
   * Written as `import type`, or as a type: Node never loads the module. `import { type A }` does not count, because Node
   * takes away the name and keeps the import.
   */
  typeOnly: boolean;
}

/** Every import of a file: `import`, `export … from`, `import()` of a literal, and `import('…')` as a type. */
export function edgesOf({ path, text }: Source): Edge[] {
  const edges: Edge[] = [];
  const add = (specifier: string, names?: readonly string[], typeOnly = false) => {
    const ours = specifier.startsWith('.');
    const to = ours ? posix.join(posix.dirname(path), specifier) : specifier;
    edges.push({ from: path, to, ours, names, typeOnly });
  };
  const syntax = path.endsWith('.ts') ? 'typescript' : 'ecmascript';
  visit(parseSync(text, { syntax, target: 'esnext' }).body, (node) => {
    const dynamic = node.callee?.type === 'Import' ? node.arguments?.[0]?.expression : undefined;
    if (node.source) add(node.source.value, namesOf(node), node.typeOnly);
    else if (dynamic?.type === 'StringLiteral') add(dynamic.value ?? '');
    else if (node.type === 'TsImportType') add(node.argument?.value ?? '', undefined, true);
  });
  return edges;
}

/** As much of a node of swc's syntax tree as we look at. */
interface Syntax {
  type?: string;
  source?: { value: string } | null;
  typeOnly?: boolean;
  specifiers?: Specifier[];
  callee?: { type?: string };
  arguments?: { expression?: { type?: string; value?: string } }[];
  argument?: { value?: string };
}

interface Specifier {
  type: 'ImportSpecifier' | 'ExportSpecifier' | 'ImportDefaultSpecifier' | 'ImportNamespaceSpecifier';
  local?: { value: string };
  imported?: { value: string } | null;
  orig?: { value: string };
}

function namesOf({ specifiers = [] }: Syntax): string[] | undefined {
  const names = specifiers.flatMap((one) => (one.imported ?? one.orig ?? named(one))?.value ?? []);
  return names.length > 0 && names.length === specifiers.length ? names : undefined;
}

/** `import { a }` leaves `imported` out; for a default or a namespace the local name says nothing about the module. */
function named({ type, local }: Specifier): { value: string } | undefined {
  return type === 'ImportSpecifier' ? local : undefined;
}

function visit(node: unknown, see: (node: Syntax) => void): void {
  if (typeof node !== 'object' || node === null) return;
  if (!Array.isArray(node)) see(node);
  for (const child of Object.values(node)) visit(child, see);
}
