/** A change of what a zone's clocks show: `before` and `after` are what they are ahead of UTC, in milliseconds. */
export interface ClockChange {
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

export interface ChangingZone {
  readonly name: string;
  readonly changes: readonly ClockChange[];
}

const HOUR_MS = 3_600_000;
const STEP_MS = 7 * 24 * HOUR_MS;

/** Every zone that this machine knows. */
export const ZONES: readonly string[] = [...Intl.supportedValuesOf('timeZone'), 'UTC'];

/** Zones whose clocks change between two years, the second excluded, with every change. */
export function changingZones(fromYear: number, toYear: number): readonly ChangingZone[] {
  return ZONES.map((name) => ({ name, changes: changesOf(name, Date.UTC(fromYear), Date.UTC(toYear)) })).filter(
    ({ changes }) => changes.length > 0,
  );
}

/** One zone and change of each kind: the same hour of the week, the same clocks before and after. */
export function kindsOfChange(zones: readonly ChangingZone[]): readonly ChangingZone[] {
  const kinds = zones.flatMap(({ name, changes }) =>
    changes.map((change) => {
      const { at, before, after } = change;
      const kind = JSON.stringify([before, after, (at + before) % STEP_MS]);
      return [kind, { name, changes: [change] }] as const;
    }),
  );
  return [...new Map(kinds).values()];
}

/** What the clocks of a zone show, as the milliseconds of `Date.UTC`; told by Intl alone. */
export function shownBy(zone: string, at: number): number {
  const [, month, day, year, hour, minute, second] = /^(\d+)\/(\d+)\/(\d+), (\d+):(\d+):(\d+)$/
    .exec(formatOf(zone).format(at))!
    .map(Number);
  return Date.UTC(year!, month! - 1, day, hour, minute, second) + (at % 1000);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(zone, format);
  return format;
}

function changesOf(zone: string, from: number, to: number): readonly ClockChange[] {
  const ahead = (at: number) => shownBy(zone, at) - at;
  const changes: ClockChange[] = [];
  for (let start = from; start < to; start += STEP_MS) {
    let [low, high] = [start, start + STEP_MS];
    const before = ahead(low);
    const after = ahead(high);
    if (before === after) continue;
    while (high - low > 1000) {
      const middle = Math.floor((low + high) / 2000) * 1000;
      if (ahead(middle) === before) low = middle;
      else high = middle;
    }
    changes.push({ at: high, before, after });
  }
  return changes;
}
