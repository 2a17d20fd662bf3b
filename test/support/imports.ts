/**
 * `npm run imports`: names every import that points the wrong way. The rules are in import-rules.ts.
 */
import { globSync, readFileSync } from 'node:fs';
import { matchesGlob } from 'node:path';
import { type Edge, edgesOf, type Source } from './import-edges.ts';
import { acyclic, shipped, type Zone, zones } from './import-rules.ts';

/** The files that the rules are about. */
export function readSources(root: URL): Source[] {
  return globSync('{src,commands,jobs,sandbox,bench,test,bin}/**/*.{ts,js}', { cwd: root })
    .toSorted()
    .map((path) => ({ path, text: readFileSync(new URL(path, root), 'utf8') }));
}

/** The packages that production installs. */
export function readDependencies(root: URL): string[] {
  const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { dependencies: object };
  return Object.keys(manifest.dependencies);
}

/** One line for each fault among the imports of `sources`; none when all point the right way. */
export function importFaults(sources: readonly Source[], dependencies: readonly string[]): string[] {
  const edges = sources.flatMap(edgesOf);
  return [
    ...sources.flatMap(({ path }) =>
      zoneOf(path) ? [] : `${path} has no rule: add it to test/support/import-rules.ts`,
    ),
    ...edges.flatMap((edge) => wrongWay(edge)),
    ...edges.flatMap((edge) => notInstalled(edge, dependencies)),
    ...circles(edges.filter(({ from, to }) => within(from, acyclic) && within(to, acyclic))),
  ];
}

function wrongWay(edge: Edge): string[] {
  const zone = zoneOf(edge.from);
  if (!zone || allows(zone, edge)) return [];
  return [`${edge.from} imports ${edge.to}${edge.names ? ` (${edge.names.join(', ')})` : ''}: ${zone.because}`];
}

function allows(zone: Zone, edge: Edge): boolean {
  if (edge.ours) return within(edge.to, zone.own) || (edge.typeOnly && within(edge.to, zone.types ?? []));
  return zone.packages === 'any' || zone.packages.some((entry) => allowsPackage(entry, edge));
}

function allowsPackage(entry: string, { to, names }: Edge): boolean {
  const [name, only] = entry.split('#');
  if (packageOf(to) !== name) return false;
  return only === undefined || (names?.every((used) => only.split(',').includes(used)) ?? false);
}

function notInstalled({ from, to, ours, typeOnly }: Edge, dependencies: readonly string[]): string[] {
  const inProduction = ours || typeOnly || to.startsWith('node:') || dependencies.includes(packageOf(to));
  if (inProduction || !within(from, shipped)) return [];
  return [`${from} imports ${to}: production installs nothing but "dependencies", where it is missing`];
}

/** One line for each circle that a walk along the imports closes. */
function circles(edges: readonly Edge[]): string[] {
  const outgoing = Map.groupBy(edges, ({ from }) => from);
  const finished = new Set<string>();
  const found: string[] = [];
  const walk = (file: string, trail: readonly string[]): void => {
    const start = trail.indexOf(file);
    if (start >= 0) found.push(`${[...trail.slice(start), file].join(' -> ')}: a circle of imports`);
    if (start >= 0 || finished.has(file)) return;
    for (const { to } of outgoing.get(file) ?? []) walk(to, [...trail, file]);
    finished.add(file);
  };
  for (const file of outgoing.keys()) walk(file, []);
  return found;
}

function zoneOf(path: string): Zone | undefined {
  return zones.find(({ files }) => within(path, files));
}

function within(path: string, globs: readonly string[]): boolean {
  return globs.some((glob) => matchesGlob(path, glob));
}

/** `@scope/name/file` belongs to the package `@scope/name`. */
function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

if (import.meta.main) {
  const root = new URL('../../', import.meta.url);
  const sources = readSources(root);
  const faults = importFaults(sources, readDependencies(root));
  for (const fault of faults) console.error(fault);
  console.log(`${sources.length} files, ${faults.length} wrong imports`);
  process.exitCode = faults.length > 0 ? 1 : 0;
}
