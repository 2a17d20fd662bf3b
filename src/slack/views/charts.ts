import type { State } from '../../core/classification.ts';
import { STATES } from '../../core/classification.ts';
import type { WeekPoint } from '../../core/digest.ts';
import { ATTENTION } from '../../core/report.ts';
import type { TeamSnapshot, VersionUse } from '../../core/snapshot.ts';
import { type AgeBucket, ageBuckets } from '../../core/trend.ts';
import { STATE_NAMES } from '../../core/wording.ts';
import { type Drawing, labelsOf } from './chart.ts';
import { CHART } from './chart-block.ts';
import { shortDay } from './dates.ts';
import { figure, isNotJudged, machines, percent } from './figures.ts';

/** The charts there are: what stands in each, in one style. */

/** From the best to the worst, then what is not judged: fixed, so that a state looks the same in every week. */
const DRAWING_ORDER: readonly State[] = ['current', ...ATTENTION.toReversed(), ...STATES.filter(isNotJudged)];

/**
 * Machines by state over the weeks, as lines; a single week as bars. States that never occur are left out; of more than a
 * chart holds the smallest are put together as "other". Of more weeks than a chart holds, every n-th up to the last is drawn.
 */
export function statesChart(weeks: readonly WeekPoint[]): Drawing | undefined {
  const points = thinned(weeks, CHART.points);
  const present = DRAWING_ORDER.filter((state) => points.some(({ counts }) => counts[state] > 0));
  const size = (state: State) => points.reduce((sum, { counts }) => sum + counts[state], 0);
  const kept = present.length <= CHART.series ? present : largest(present, size, CHART.series - 1);
  const rest = present.filter((state) => !kept.includes(state));
  return overWeeks(points, 'Machines by state', [
    ...kept.map((state) => ({ name: STATE_NAMES[state], states: [state] })),
    ...(rest.length > 0 ? [{ name: 'other', states: rest }] : []),
  ]);
}

/** The same in three lines, for whoever asks how all teams fare: what is current, what needs attention, what is not judged. */
export function attentionChart(weeks: readonly WeekPoint[]): Drawing | undefined {
  const points = thinned(weeks, CHART.points);
  const lines = [
    { name: 'current', states: ['current' as const] },
    { name: 'attention', states: ATTENTION },
    { name: 'not judged', states: STATES.filter(isNotJudged) },
  ];
  const occurs = ({ states }: { readonly states: readonly State[] }) =>
    points.some(({ counts }) => states.some((state) => counts[state] > 0));
  return overWeeks(points, 'Machines of all teams', lines.filter(occurs));
}

function overWeeks(
  points: readonly WeekPoint[],
  title: string,
  lines: readonly { readonly name: string; readonly states: readonly State[] }[],
): Drawing | undefined {
  if (points.length === 0 || lines.length === 0) return undefined;
  const series = lines.map(({ name, states }) => ({
    name,
    values: points.map(({ counts }) => states.reduce((sum, state) => sum + counts[state], 0)),
  }));
  const categories = labelsOf(points.map(({ day }) => shortDay(day)));
  const newestFirst = categories.map((_, index) => categories.length - 1 - index);
  return {
    title: points.length === 1 ? title : `${title} over time`,
    kind: points.length === 1 ? 'bar' : 'line',
    axes: { x: 'Day', y: 'Machines' },
    categories,
    series,
    // States below each other and the newest first: on a phone the figures that matter are the ones in view.
    numbers: {
      head: ['Day', ...newestFirst.map((index) => categories[index] ?? '')],
      rows: series.map(({ name, values }) => [name, ...newestFirst.map((index) => figure(values[index] ?? 0))]),
    },
  };
}

/** How old the images are that machines run, in days since their publication; of how many that is not known. */
export function agesChart({ ages, total }: Pick<TeamSnapshot, 'ages' | 'total'>): Drawing | undefined {
  if (ages.length === 0) return undefined;
  const buckets = ageBuckets(ages, total);
  const labels = buckets.map(({ upToDays }, index) => ageLabel(upToDays, buckets[index - 1]?.upToDays));
  const kept = buckets.map((bucket) => bucket.upToDays !== 'unknown' || bucket.machines > 0);
  return bars(
    'Age of the images in use',
    { x: 'Days since the image was published', y: 'Machines' },
    {
      categories: labels.filter((_, index) => kept[index]),
      values: buckets.filter((_, index) => kept[index]).map(({ machines: count }) => count),
    },
  );
}

function ageLabel(upTo: AgeBucket['upToDays'], above: AgeBucket['upToDays'] | undefined): string {
  if (upTo === 'unknown') return 'not known';
  const from = typeof above === 'number' ? above : -1;
  return Number.isFinite(upTo) ? `${from + 1}–${upTo}` : `over ${from}`;
}

/** Where a chart of versions leaves off: further ones are put together as "others". */
const MOST_VERSIONS = CHART.points;

/**
 * Machines by image: the versions of the one definition in use, or of all where there are few; else the definitions, the
 * most used first.
 */
export function versionsChart(versions: readonly VersionUse[]): Drawing | undefined {
  if (versions.length === 0) return undefined;
  const definitions = new Set(versions.map(({ definition }) => definition));
  const one = definitions.size === 1;
  const [only = ''] = definitions;
  const byVersion = one || versions.length <= MOST_VERSIONS;
  const uses = summed(versions.map((use) => ({ ...use, name: byVersion ? versionName(use, one) : use.definition })));
  const shown = uses.length <= MOST_VERSIONS ? uses : uses.slice(0, MOST_VERSIONS - 1);
  const others = uses.slice(shown.length).reduce((sum, { machines: count }) => sum + count, 0);
  const categories = [...shown.map(({ name }) => shortName(name)), ...(others > 0 ? ['others'] : [])];
  const values = [...shown.map(({ machines: count }) => count), ...(others > 0 ? [others] : [])];
  const title = one ? `Versions of ${only} in use` : byVersion ? 'Image versions in use' : 'Image definitions in use';
  const chart = bars(
    title,
    { x: byVersion ? 'Image version' : 'Image definition', y: 'Machines' },
    { categories, values },
  );
  return {
    ...chart,
    numbers: {
      head: ['Image', 'Machines', ...(byVersion ? ['State', 'Age in days'] : [])],
      rows: [
        ...shown.map(({ name, machines: count, state, ageDays }) => [
          name,
          figure(count),
          ...(byVersion ? [STATE_NAMES[state], ageDays === undefined ? '' : figure(ageDays)] : []),
        ]),
        ...(others > 0 ? [['others', figure(others), ...(byVersion ? ['', ''] : [])]] : []),
      ],
    },
  };
}

/** What a chart of weeks shows, as a sentence: nobody has to see it. */
export function statesSentence(weeks: readonly WeekPoint[]): string {
  const [first] = weeks;
  const last = weeks.at(-1);
  if (first === undefined || last === undefined || first === last) return '';
  const share = (point: WeekPoint) => (point.share === undefined ? 'nothing to judge' : percent(point.share));
  return `From ${shortDay(first.day)} to ${shortDay(last.day)}: ${share(first)} to ${share(last)} current, ${machines(
    first.total,
  )} to ${figure(last.total)}.`;
}

/** Every n-th, so that at most `most` are left and the last is among them. */
export function thinned<T>(items: readonly T[], most: number): readonly T[] {
  const every = Math.max(1, Math.ceil(items.length / most));
  return items.filter((_, index) => (items.length - 1 - index) % every === 0);
}

function bars(
  title: string,
  axes: Drawing['axes'],
  { categories, values }: { readonly categories: readonly string[]; readonly values: readonly number[] },
): Drawing {
  return {
    title,
    kind: 'bar',
    axes,
    categories,
    series: [{ name: axes.y, values }],
    numbers: {
      head: ['Age in days', axes.y],
      rows: categories.map((category, index) => [category, figure(values[index] ?? 0)]),
    },
  };
}

/** The largest, in the order they are in. */
function largest(states: readonly State[], size: (state: State) => number, most: number): readonly State[] {
  const kept = new Set(states.toSorted((a, b) => size(b) - size(a)).slice(0, most));
  return states.filter((state) => kept.has(state));
}

function summed<T extends VersionUse & { readonly name: string }>(uses: readonly T[]): readonly T[] {
  const byName = new Map<string, T>();
  for (const use of uses) {
    const known = byName.get(use.name);
    byName.set(use.name, known ? { ...known, machines: known.machines + use.machines } : use);
  }
  return [...byName.values()].toSorted((a, b) => b.machines - a.machines);
}

function versionName({ definition, version }: VersionUse, one: boolean): string {
  if (version === '') return definition;
  return one ? version : `${definition} ${version}`;
}

/** Cut where it says least: the end of a name is its version. */
function shortName(name: string): string {
  const [start, end] = [Math.floor(CHART.label / 2) - 1, Math.ceil(CHART.label / 2)];
  return name.length <= CHART.label ? name : `${name.slice(0, start)}…${name.slice(-end)}`;
}
