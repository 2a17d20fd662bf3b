/** The order of texts by their code units, as Azure Resource Graph orders them too; no locale changes it. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
