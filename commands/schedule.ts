import { defineCommand } from '../src/command.ts';
import { UserError } from '../src/core/errors.ts';
import { PLATFORM } from '../src/digest/weekly.ts';
import { type ScheduleAnswer, scheduleView } from '../src/slack/views/schedule.ts';
import { scheduleJson, scheduleText } from './terminal/schedule-text.ts';

export const schedule = defineCommand<Record<string, never>, ScheduleAnswer>({
  name: 'schedule',
  usage: 'schedule',
  summary: 'When the next weekly digests are due, in your own time zone',

  parse(words) {
    if (words.length === 0) return {};
    throw new UserError(`I did not understand "${words.join(' ')}".`, 'Ask "/golden schedule" for all digests.');
  },

  async query(_input, { digests, teams, people, clock }, _flags, asker) {
    const upcoming = await digests.schedule();
    const timezone =
      asker.kind === 'person'
        ? await people.timeZone(asker.user).catch(() => undefined)
        : Intl.DateTimeFormat().resolvedOptions().timeZone;
    const platform = upcoming.find(({ key }) => key === PLATFORM);
    const silent = teams.filter(({ name }) => !upcoming.some(({ key }) => key === name));
    return {
      entries: [
        ...upcoming
          .filter(({ key }) => key !== PLATFORM)
          .map(({ key, ...rest }) => ({ team: key, ...rest, hasDigest: true })),
        ...silent.map(({ name, channel }) => ({ team: name, channel, week: '', due: clock.now(), hasDigest: false })),
      ],
      timezone,
      platform,
    };
  },

  render: scheduleView,
  terminal: { json: scheduleJson, text: scheduleText, exitCode: () => 0 },
});
