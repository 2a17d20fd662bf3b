import { expect } from '@jest/globals';
import { CronExpressionParser } from 'cron-parser';
import { RetryableError } from '../../src/core/errors.ts';
import type { TeamDigest } from '../../src/core/team.ts';
import { cronOf, dueAt, lastDue, weekAfter, weekAt } from '../../src/core/week.ts';
import { openStore, type Store } from '../../src/store/index.ts';
import { ChannelsOfSlack } from './channel.ts';
import { Fate, type Mode } from './crash.ts';
import { aRecipient, aWorker, runJob, SimulatedClock } from './workers.ts';

/**
 * 500 teams over three years of weeks, in every zone that changes its clocks, woken by the same library that BullMQ computes
 * its schedules with, worked on by three replicas that restart, die in the middle, and are woken twice; over the real ledger.
 */
export const TEAMS = 500;
const REPLICAS = 3;
const START = new Date('2026-11-01T12:00:00Z');
const END = new Date('2029-11-05T12:00:00Z');
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SWEEP_MS = HOUR_MS / 4;
const SEED = 20261121;
const AT_ONCE = 25;

/** Always the same numbers for the same seed. */
function drawing(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Every IANA zone whose offset changes within the simulated years. */
function changingZones(): readonly string[] {
  return Intl.supportedValuesOf('timeZone').filter((timeZone) => {
    const offset = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
    const seen = new Set<string>();
    for (let at = START.getTime(); at < END.getTime(); at += 21 * DAY_MS) {
      seen.add(offset.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '');
    }
    return seen.size > 1;
  });
}

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
/** Clocks change in these hours, on Sundays above all; and ordinary hours. */
const TIMES = ['00:00', '00:30', '01:30', '02:00', '02:30', '03:00', '09:00', '16:45', '23:59'];

function digestOfTeam(index: number, zones: readonly string[]): TeamDigest {
  return {
    // Every zone gets teams on its changing day, at an hour that is skipped or comes twice somewhere.
    day: index < zones.length * 2 ? (DAYS[index % 2 === 0 ? 0 : 6] ?? 'sunday') : (DAYS[index % 7] ?? 'monday'),
    time: TIMES[Math.floor(index / 2) % TIMES.length] ?? '09:00',
    timezone: zones[index % zones.length] ?? 'UTC',
    catchUpHours: 24,
    escalateAfterWeeks: 4,
  };
}

/** Instants at which all replicas are down, each shorter than the time for which a digest is still sent. */
function outages(draw: () => number): readonly { readonly from: number; readonly to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (let at = START.getTime() + 9 * DAY_MS; at < END.getTime(); at += (10 + draw() * 30) * DAY_MS) {
    found.push({ from: at, to: at + draw() * 20 * HOUR_MS });
  }
  return found;
}

/**
 * Lives through three years with some of the teams, and holds what every channel got against what was due.
 *
 * @param redis Where the ledger is. @param teams From this one on, up to that one.
 */
export async function liveThreeYears(
  redis: { readonly url: string; readonly prefix: string },
  teams: { readonly from: number; readonly to: number },
): Promise<void> {
  const store = await openStore({ ...redis, scope: 'test', log: { info: () => {}, warn: () => {} } });
  try {
    await live(store, teams);
  } finally {
    await store.close();
  }
}

async function live(store: Store, { from, to }: { readonly from: number; readonly to: number }): Promise<void> {
  const zones = changingZones();
  expect(zones.length).toBeGreaterThan(100);
  expect(TEAMS).toBeGreaterThan(zones.length * 2);
  const down = outages(drawing(SEED));
  const slack = new ChannelsOfSlack();
  const lives: Awaited<ReturnType<typeof liveTeam>>[] = [];
  // Some at a time: the store gives a command two seconds, however many want one.
  for (let first = from; first < to; first += AT_ONCE) {
    const indices = Array.from({ length: Math.min(AT_ONCE, to - first) }, (_, offset) => first + offset);
    lives.push(...(await Promise.all(indices.map((index) => liveTeam(store, index, zones, down, slack)))));
  }

  const counts = new Map<string, number>();
  for (const { key } of slack.all()) counts.set(key, (counts.get(key) ?? 0) + 1);
  const wrong = lives.flatMap(({ name, weeks }) =>
    weeks.map((week) => `digest:${name}:${week}`).filter((key) => counts.get(key) !== 1),
  );
  const wanted = lives.reduce((sum, { weeks }) => sum + weeks.length, 0);
  const wakes = lives.reduce((sum, life) => sum + life.wakes, 0);
  const deaths = lives.reduce((sum, life) => sum + life.deaths, 0);
  process.stdout.write(
    `teams ${from} to ${to - 1} of ${TEAMS}, ${zones.length} zones, ${wanted} digests, ${wakes} wake-ups of ${REPLICAS} replicas, ${deaths} of them killed, ${down.length} outages\n`,
  );
  expect(wrong).toEqual([]);
  expect(slack.all()).toHaveLength(wanted);
  expect(wanted).toBeGreaterThanOrEqual((to - from) * 156);
  // At the team's own hour, unless everything was down then; in the quarter of an hour after it where cron misses it.
  expect(lives.flatMap(({ untimely }) => untimely)).toEqual([]);
}

/** One team's three years. Its events are in order; teams do not know of each other. */
async function liveTeam(
  store: Store,
  index: number,
  zones: readonly string[],
  down: readonly { readonly from: number; readonly to: number }[],
  slack: ChannelsOfSlack,
) {
  const draw = drawing(SEED + index);
  const time = digestOfTeam(index, zones);
  const name = `team-${index}`;
  const recipient = aRecipient({ key: name, channel: `C${index}`, time });
  // What was due up to a day before a team is known is sent late; here the weeks begin with START.
  await patiently(() => store.ledger.since(name, START.getTime() + DAY_MS));
  const untimely: string[] = [];
  let deaths = 0;

  const upAt = (ms: number) => down.find(({ from, to }) => ms >= from && ms < to)?.to ?? ms;
  const events = wakeUps(time, down, draw);
  for (const { at, replicas } of events) {
    const clock = new SimulatedClock(new Date(at));
    const before = slack.in(recipient.channel).length;
    await Promise.all(
      Array.from({ length: replicas }, async () => {
        const dies = draw() < 0.03;
        const modes: readonly Mode[] = ['before', 'after'];
        const fate = dies ? new Fate(Math.floor(draw() * 14), modes[draw() < 0.5 ? 0 : 1]) : new Fate();
        const own = new SimulatedClock(clock.now());
        if ((await runJob(aWorker(store, slack, own, fate), recipient, own, fate)) !== 'died') return;
        deaths += 1;
        own.advance(40_000);
        await runJob(aWorker(store, slack, own), recipient, own);
      }),
    );
    if (slack.in(recipient.channel).length > before) {
      const due = lastDue(time, new Date(at)).due.getTime();
      if (at < due || at - upAt(due) > SWEEP_MS) untimely.push(`${name} ${new Date(at).toISOString()}`);
    }
  }
  return { name, weeks: weeksOf(time), untimely, deaths, wakes: events.length };
}

/** A machine that is busy with other tests may keep a command waiting longer than the store does. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error;
    }
  }
}

/**
 * When workers look at this team: as BullMQ schedules it, twice now and then, after an outage, by the sweep, and at restarts.
 * Where clocks skip midnight, the library leaves a week out; the sweep finds it.
 */
function wakeUps(
  time: TeamDigest,
  down: readonly { readonly from: number; readonly to: number }[],
  draw: () => number,
) {
  const events: { at: number; replicas: number }[] = [];
  const interval = CronExpressionParser.parse(cronOf(time), { tz: time.timezone, currentDate: START });
  const scheduled = new Set<number>();
  for (let due = interval.next().getTime(); due < END.getTime(); due = interval.next().getTime()) {
    scheduled.add(due);
    const outage = down.find(({ from, to }) => due >= from && due < to);
    // A scheduler's missed run comes late, once.
    events.push({ at: outage?.to ?? due, replicas: draw() < 0.2 ? REPLICAS : 1 });
  }
  // The sweep looks every quarter of an hour; it can only find something where the schedule left a week out.
  for (const week of weeksOf(time)) {
    const due = dueAt(time, week).getTime();
    const swept = Math.ceil(due / SWEEP_MS) * SWEEP_MS;
    if (!scheduled.has(due) && !down.some(({ from, to }) => swept >= from && swept < to))
      events.push({ at: swept, replicas: 1 });
  }
  for (let replica = 0; replica < REPLICAS; replica += 1) {
    for (let at = START.getTime() + draw() * 20 * DAY_MS; at < END.getTime(); at += (20 + draw() * 80) * DAY_MS) {
      if (!down.some(({ from, to }) => at >= from && at < to)) events.push({ at, replicas: 1 });
    }
  }
  return events.sort((a, b) => a.at - b.at);
}

/** The weeks whose digest is due within the simulation, by our own reckoning. */
function weeksOf(time: TeamDigest): readonly string[] {
  const weeks: string[] = [];
  for (let week = weekAt(START, time.timezone); dueAt(time, week) < END; week = weekAfter(week)) {
    if (dueAt(time, week) >= START) weeks.push(week);
  }
  return weeks;
}
