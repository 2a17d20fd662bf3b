import { type ColumnType, part, type ScalarType, type SyntaxNode } from './syntax.ts';
import type { Row, Value } from './values.ts';

/** Takes a row; answers whether more rows are wanted. */
export type Push = (row: Row) => boolean;

/**
 * The rows of one pipeline share a layout: operators append slots to the row that passes by instead of
 * copying it. A frame hands the slots out; a source or a copy starts a new one.
 */
export class Frame {
  width = 0;

  allocate(): number {
    return this.width++;
  }
}

/**
 * A column of a stream. Its slot comes into being when someone first reads the column, so that columns
 * nobody asks for are never materialised: on a million machines that is most of the cost.
 */
export class Column {
  readonly name: string;
  readonly type: ScalarType;
  readonly #allocate: () => number;
  #slot: number | undefined;

  constructor(name: string, type: ScalarType, allocate: () => number) {
    this.name = name;
    this.type = type;
    this.#allocate = allocate;
  }

  get slot(): number {
    this.#slot ??= this.#allocate();
    return this.#slot;
  }

  /** The same values under another name. */
  renamed(name: string): Column {
    return new Column(name, this.type, () => this.slot);
  }
}

/** A compiled tabular expression: what comes out, and how to make it come. A stream runs once. */
export interface Stream {
  readonly frame: Frame;
  readonly columns: readonly Column[];
  /** Pushes every row until `push` answers false. */
  run(push: Push): Promise<void>;
}

/** Finds a column. @throws when analysis let a name pass that does not exist */
export function columnNamed(columns: readonly Column[], name: string): Column {
  const found = columns.find((column) => column.name === name);
  if (!found) throw new Error(`no column ${name} among ${columns.map((each) => each.name).join()}`);
  return found;
}

/** A column computed into a fresh slot of `frame`. */
export function computed(frame: Frame, name: string, type: ScalarType): Column {
  const slot = frame.allocate();
  return new Column(name, type, () => slot);
}

/** The result columns that the analysis promises for an operator. */
export function resultColumns(operator: SyntaxNode): readonly ColumnType[] {
  if (!operator.columns) throw new Error(`${operator.kind} without a result type`);
  return operator.columns;
}

/** The output name of `name = expression`, if it has one. */
export function givenName(node: SyntaxNode): string | undefined {
  return node.kind === 'SimpleNamedExpression' ? nameOf(part(node, 'Name')) : undefined;
}

/** The plain text of a name, without the brackets of `['odd name']`. */
export function nameOf(node: SyntaxNode): string {
  return node.literal ?? node.text;
}

/**
 * Copies the columns that the consumer reads into compact rows of a new frame: the boundary at which a
 * blocking operator (a sort, the right side of a join) keeps rows without keeping all that led to them.
 */
export function boundary(
  columns: readonly Column[],
  into: Frame,
): { columns: readonly Column[]; copyTo: (from: Row, to: Row) => void } {
  const copies: { from: number; to: number }[] = [];
  const copied = columns.map(
    (column) =>
      new Column(column.name, column.type, () => {
        const to = into.allocate();
        copies.push({ from: column.slot, to });
        return to;
      }),
  );
  const copyTo = (from: Row, to: Row) => {
    for (const copy of copies) to[copy.to] = from[copy.from] as Value;
  };
  return { columns: copied, copyTo };
}
