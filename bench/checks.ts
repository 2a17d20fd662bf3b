/** One count that was promised, and what it came to. */
export interface Check {
  readonly what: string;
  readonly promised: string;
  readonly counted: number;
  readonly holds: boolean;
}

/** Gathers counts that have to be right. Times are never checked: they are the machine's, counts are ours. */
export class Checks {
  readonly all: Check[] = [];

  equal(what: string, counted: number, promised: number): void {
    this.all.push({ what, promised: String(promised), counted, holds: counted === promised });
  }

  atMost(what: string, counted: number, promised: number): void {
    this.all.push({ what, promised: `at most ${promised}`, counted, holds: counted <= promised });
  }
}
