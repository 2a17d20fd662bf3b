import type { HomeView, KnownBlock } from '@slack/types';
import { DAY_MS } from '../../core/local-time.ts';
import type { Team } from '../../core/team.ts';
import { plain } from '../escape.ts';
import { ACTION, askStatus, HOME_ACTION } from './asks.ts';
import { actions, button, header, minute, note, paragraph } from './blocks.ts';
import { figure } from './figures.ts';
import { followMenu } from './home-menu.ts';
import { fullTeam, type HomeTeam, shortTeam } from './home-team.ts';
import { asOfNote } from './parts.ts';
import { matchPhrase } from './team-match.ts';

/** What a person's Home tab shows, from the last reading: Azure is not asked for it. */
export interface HomeAnswer {
  /** Slack user id. */
  readonly user: string;
  /** The person's teams, as approver or by choice. */
  readonly teams: readonly HomeTeam[];
  /** Further teams to choose from. */
  readonly others: readonly Team[];
  /** When Azure was read last; absent before the first time. */
  readonly asOf: Date | undefined;
  /** What is wrong at the moment, as a sentence. */
  readonly problem?: string | undefined;
  /** The person's, IANA. */
  readonly timezone: string | undefined;
  readonly now: Date;
}

const MOST_FULL = 8;
const MOST_SHORT = 25;
const MOST_OTHERS = 10;
/** Of the 250 KB that Slack takes. */
const MENU_BYTES = 150_000;

/** The Home tab: never blank. What is missing is said, and what to do about it. */
export function homeView(answer: HomeAnswer): HomeView {
  const { teams, others, asOf } = answer;
  const full = teams.slice(0, MOST_FULL);
  const short = teams.slice(MOST_FULL, MOST_FULL + MOST_SHORT);
  const hidden = teams.length - full.length - short.length;
  return {
    type: 'home',
    blocks: [
      header('Golden images'),
      paragraph(
        'Which of your teams’ Azure VMs run an approved image, which do not, and what to do next. In a channel, type "/golden".',
      ),
      ...problemBlocks(answer),
      ...(asOf ? [readNote(asOf, answer.now)] : [paragraph(NO_READING)]),
      ...(teams.length === 0 ? noTeams(answer) : []),
      ...full.flatMap((team, index) => fullTeam(team, index, answer)),
      ...(short.length > 0 ? [header('More of your teams')] : []),
      ...short.map((team, index) => shortTeam(team, MOST_FULL + index)),
      ...(hidden > 0
        ? [note(`${figure(hidden)} more of your teams: ask "/golden status <team>" with their names.`)]
        : []),
      { type: 'divider' },
      ...actions([
        followMenu(others, HOME_ACTION.follow, MENU_BYTES),
        button('Refresh', HOME_ACTION.refresh, 'home', 'Show this page anew'),
        button('Schedule', `${ACTION.run}:schedule`, 'schedule', 'When the next digests are due'),
        button('What can I ask?', `${ACTION.run}:help`, 'help'),
      ]),
    ],
  };
}

const NO_READING =
  'Azure has not been read yet, so there are no figures here. The first reading is made as soon as the worker runs; ask for a status to have it now.';

function problemBlocks({ problem, asOf }: HomeAnswer): readonly KnownBlock[] {
  if (problem === undefined) return [];
  const what = asOf ? ' What follows is from the last reading.' : '';
  return [paragraph(`Warning: ${plain(problem, 500)}${what}`)];
}

function readNote(asOf: Date, now: Date): KnownBlock {
  const days = (now.getTime() - asOf.getTime()) / DAY_MS;
  return days < 1
    ? asOfNote(asOf, now)
    : paragraph(
        `Warning: these figures are old. Azure was last read on ${minute(asOf)}; whoever runs Golden should look at the worker.`,
      );
}

/** What to do where nobody chose anything yet, and a first look all the same. */
function noTeams({ others, problem }: HomeAnswer): readonly KnownBlock[] {
  if (others.length === 0)
    return [paragraph('golden.yml names no team yet: whoever runs Golden adds one under "teams".')];
  const shown = others.slice(0, MOST_OTHERS);
  const hidden = others.length - shown.length;
  return [
    header('Choose your teams'),
    paragraph(
      problem === undefined
        ? 'You are an approver of no team and have chosen none: add one below, and it is shown here with its figures.'
        : 'You have chosen no team, and whether you are an approver of one is not known at the moment. Add one below, and it is shown here with its figures.',
    ),
    ...shown.map((team, index) =>
      paragraph(
        `${plain(team.name, 80)}. ${plain(matchPhrase(team.match), 300)}`,
        button('Status', `${ACTION.run}:other-${index}`, askStatus(team.name), `Status of ${team.name}`),
      ),
    ),
    ...(hidden > 0 ? [note(`and ${figure(hidden)} more teams to choose from`)] : []),
  ];
}
