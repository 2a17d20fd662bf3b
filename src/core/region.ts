/**
 * A region's comparable name: Azure writes "East US" in a gallery version's target regions and "eastus" in a VM's
 * location. Undefined for anything that is not a name.
 */
export function normalizeRegion(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const name = text.toLowerCase().replace(/\s+/g, '');
  return name === '' ? undefined : name;
}
