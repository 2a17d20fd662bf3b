import type { StaticSelect } from '@slack/types';
import { folded, type Team } from '../../core/team.ts';
import { compareText } from '../../core/text.ts';
import { plain } from '../escape.ts';
import { askFollow, MAX_OPTION_VALUE } from './asks.ts';

/** Slack's limit of options in a group, and of groups. */
const MOST = 100;

interface Option {
  readonly text: { type: 'plain_text'; text: string; emoji: false };
  readonly value: string;
}

/**
 * Chooses a team to see in the Home tab; none where there is no team. Teams whose names are too long for an option are left
 * out, and the last ones where all of them would not fit.
 *
 * @param mostBytes How much JSON the options may be.
 */
export function followMenu(teams: readonly Team[], action: string, mostBytes: number): StaticSelect | undefined {
  const options = fitting(teams, mostBytes);
  if (options.length === 0) return undefined;
  const base = {
    type: 'static_select' as const,
    action_id: action,
    placeholder: { type: 'plain_text' as const, text: 'Add a team to this page', emoji: false },
  };
  if (options.length <= MOST) return { ...base, options: [...options] };
  const groups = Array.from({ length: Math.ceil(options.length / MOST) }, (_, index) =>
    options.slice(index * MOST, (index + 1) * MOST),
  );
  return {
    ...base,
    option_groups: groups.map((group) => ({
      label: { type: 'plain_text', text: rangeOf(group), emoji: false },
      options: group,
    })),
  };
}

function fitting(teams: readonly Team[], mostBytes: number): readonly Option[] {
  const byName = teams.toSorted((a, b) => compareText(folded(a.name), folded(b.name)));
  const options = new Map<string, Option>();
  let bytes = 0;
  for (const { name } of byName) {
    const value = askFollow(name);
    if (value.length > MAX_OPTION_VALUE || options.has(value)) continue;
    const option: Option = { text: { type: 'plain_text', text: plain(name, 75), emoji: false }, value };
    bytes += Buffer.byteLength(JSON.stringify(option)) + 1;
    if (bytes > mostBytes || options.size >= MOST * MOST) break;
    options.set(value, option);
  }
  return [...options.values()];
}

/** What a group holds: `alpha … gamma`. */
function rangeOf(group: readonly Option[]): string {
  const [first = '', last = ''] = [group[0]?.text.text, group.at(-1)?.text.text];
  return `${plain(first, 34)} … ${plain(last, 34)}`;
}
