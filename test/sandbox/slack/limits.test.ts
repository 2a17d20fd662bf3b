import { expect, test } from '@jest/globals';
import { checkMessage, checkView, checkViewResponse, type Verdict } from '../../../sandbox/slack/limits.ts';

type Fields = Record<string, unknown>;

const letters = (count: number): string => 'x'.repeat(count);
const plain = (count: number): Fields => ({ type: 'plain_text', text: letters(count) });
const mrkdwn = (count: number): Fields => ({ type: 'mrkdwn', text: letters(count) });
const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const button = (more: Fields = {}): Fields => ({ type: 'button', text: plain(5), ...more });
const option = (text = 5, value = 5): Fields => ({ text: plain(text), value: letters(value) });
const actions = (...elements: Fields[]): Fields => ({ type: 'actions', elements });
const select = (count: number, of = option()): Fields => ({ type: 'static_select', options: many(count, () => of) });
const raw = (text: string): Fields => ({ type: 'raw_text', text });
const table = (rows: number, cells: number): Fields => ({
  type: 'table',
  rows: many(rows, () => many(cells, () => raw('a'))),
});
const dataTable = (rows: number, cells: number, more: Fields = {}): Fields => ({
  ...table(rows, cells),
  type: 'data_table',
  caption: 'c',
  ...more,
});
const pie = (segments: number, label = 5): Fields => ({
  type: 'data_visualization',
  title: 'Findings',
  chart: { type: 'pie', segments: many(segments, () => ({ label: letters(label), value: 1 })) },
});
const bars = (series: number, categories: number): Fields => ({
  type: 'data_visualization',
  title: 'Teams',
  chart: {
    type: 'bar',
    series: many(series, (s) => ({ name: `s${s}`, data: many(categories, (c) => ({ label: `c${c}`, value: c })) })),
    axis_config: { categories: many(categories, (c) => `c${c}`) },
  },
});
const section = (count: number): Fields => ({ type: 'section', text: mrkdwn(count) });
const container = (children: number): Fields => ({
  type: 'container',
  title: plain(5),
  child_blocks: many(children, () => ({ type: 'divider' })),
});
const confirmWith = (more: Fields): Fields => actions(button({ confirm: { text: plain(5), ...more } }));

/** Limit, the block exactly at it, the block one beyond, and where the complaint points. */
const blockLimits: readonly [string, Fields, Fields, string][] = [
  ['section text 3000', section(3_000), section(3_001), '/blocks/0/text/text'],
  [
    'section fields 10',
    { type: 'section', fields: many(10, () => mrkdwn(5)) },
    { type: 'section', fields: many(11, () => mrkdwn(5)) },
    '/blocks/0/fields',
  ],
  [
    'field text 2000',
    { type: 'section', fields: [mrkdwn(2_000)] },
    { type: 'section', fields: [mrkdwn(2_001)] },
    '/blocks/0/fields/0/text',
  ],
  ['header 150', { type: 'header', text: plain(150) }, { type: 'header', text: plain(151) }, '/blocks/0/text/text'],
  [
    'context 10',
    { type: 'context', elements: many(10, () => mrkdwn(5)) },
    { type: 'context', elements: many(11, () => mrkdwn(5)) },
    '/blocks/0/elements',
  ],
  ['actions 25', actions(...many(25, () => button())), actions(...many(26, () => button())), '/blocks/0/elements'],
  [
    'block_id 255',
    { type: 'divider', block_id: letters(255) },
    { type: 'divider', block_id: letters(256) },
    '/blocks/0/block_id',
  ],
  [
    'action_id 255',
    actions(button({ action_id: letters(255) })),
    actions(button({ action_id: letters(256) })),
    '/blocks/0/elements/0/action_id',
  ],
  [
    'button text 75',
    actions(button({ text: plain(75) })),
    actions(button({ text: plain(76) })),
    '/blocks/0/elements/0/text/text',
  ],
  [
    'button value 2000',
    actions(button({ value: letters(2_000) })),
    actions(button({ value: letters(2_001) })),
    '/blocks/0/elements/0/value',
  ],
  [
    'confirm title 100',
    confirmWith({ title: plain(100) }),
    confirmWith({ title: plain(101) }),
    '/blocks/0/elements/0/confirm/title/text',
  ],
  [
    'confirm text 300',
    confirmWith({ text: plain(300) }),
    confirmWith({ text: plain(301) }),
    '/blocks/0/elements/0/confirm/text/text',
  ],
  [
    'confirm button 30',
    confirmWith({ confirm: plain(30) }),
    confirmWith({ confirm: plain(31) }),
    '/blocks/0/elements/0/confirm/confirm/text',
  ],
  ['select options 100', actions(select(100)), actions(select(101)), '/blocks/0/elements/0/options'],
  [
    'option text 75',
    actions(select(1, option(75))),
    actions(select(1, option(76))),
    '/blocks/0/elements/0/options/0/text/text',
  ],
  [
    'option value 150',
    actions(select(1, option(5, 150))),
    actions(select(1, option(5, 151))),
    '/blocks/0/elements/0/options/0/value',
  ],
  [
    'overflow options 5',
    actions({ type: 'overflow', options: many(5, () => option()) }),
    actions({ type: 'overflow', options: many(6, () => option()) }),
    '/blocks/0/elements/0/options',
  ],
  [
    'checkboxes 10',
    actions({ type: 'checkboxes', options: many(10, () => option()) }),
    actions({ type: 'checkboxes', options: many(11, () => option()) }),
    '/blocks/0/elements/0/options',
  ],
  ['table rows 100', table(100, 1), table(101, 1), '/blocks/0/rows'],
  ['table cells 20', table(1, 20), table(1, 21), '/blocks/0/rows/0'],
  [
    'table characters 10000',
    { type: 'table', rows: [[raw(letters(10_000))]] },
    { type: 'table', rows: [[raw(letters(10_001))]] },
    '/blocks/0/rows',
  ],
  ['data table rows 101', dataTable(101, 1), dataTable(102, 1), '/blocks/0/rows'],
  ['data table at least a row', dataTable(2, 1), dataTable(1, 1), '/blocks/0/rows'],
  [
    'data table page 100',
    dataTable(2, 1, { page_size: 100 }),
    dataTable(2, 1, { page_size: 101 }),
    '/blocks/0/page_size',
  ],
  ['pie segments 6', pie(6), pie(7), '/blocks/0/chart/segments'],
  ['segment label 20', pie(1, 20), pie(1, 21), '/blocks/0/chart/segments/0/label'],
  ['series 6', bars(6, 2), bars(7, 2), '/blocks/0/chart/series'],
  ['categories 20', bars(1, 20), bars(1, 21), '/blocks/0/chart/axis_config/categories'],
  ['container children 10', container(10), container(11), '/blocks/0/child_blocks'],
];

test.each(blockLimits)(
  'given the limit "%s", then exactly it is taken and one more refused at the right place',
  (_, at, beyond, pointer) => {
    const allowed = checkMessage({ blocks: [at] });
    const refused = checkMessage({ blocks: [beyond] });

    expect(allowed).toBeUndefined();
    expect(refused?.error).toBe('invalid_blocks');
    expect(refused?.messages.join('\n')).toContain(`[json-pointer:${pointer}]`);
  },
);

const modal = (more: Fields = {}): Fields => ({ type: 'modal', title: plain(5), blocks: [], ...more });
const dividers = (count: number): Fields[] => many(count, () => ({ type: 'divider' }));

const wholeLimits: readonly [string, () => Verdict | undefined, () => Verdict | undefined, string][] = [
  [
    '50 blocks a message',
    () => checkMessage({ blocks: dividers(50) }),
    () => checkMessage({ blocks: dividers(51) }),
    'invalid_blocks',
  ],
  [
    '100 blocks a modal',
    () => checkView(modal({ blocks: dividers(100) })),
    () => checkView(modal({ blocks: dividers(101) })),
    'invalid_arguments',
  ],
  [
    'title of 24',
    () => checkView(modal({ title: plain(24) })),
    () => checkView(modal({ title: plain(25) })),
    'invalid_arguments',
  ],
  [
    'private_metadata of 3000',
    () => checkView(modal({ private_metadata: letters(3_000) })),
    () => checkView(modal({ private_metadata: letters(3_001) })),
    'invalid_arguments',
  ],
  [
    '13,200 characters in all blocks',
    () => checkMessage({ blocks: sections(13_200) }),
    () => checkMessage({ blocks: sections(13_201) }),
    'msg_blocks_too_long',
  ],
  [
    '12,000 characters of markdown',
    () => checkMessage({ blocks: markdown(6_000, 6_000) }),
    () => checkMessage({ blocks: markdown(6_000, 6_001) }),
    'msg_blocks_too_long',
  ],
  [
    'one table',
    () => checkMessage({ blocks: [table(1, 1)] }),
    () => checkMessage({ blocks: [table(1, 1), dataTable(2, 1)] }),
    'invalid_attachments',
  ],
];

function sections(total: number): Fields[] {
  const full = many(Math.floor(total / 3_000), () => section(3_000));
  return total % 3_000 ? [...full, section(total % 3_000)] : full;
}

function markdown(...counts: number[]): Fields[] {
  return counts.map((count) => ({ type: 'markdown', text: letters(count) }));
}

test.each(wholeLimits)(
  'given the limit of %s, then exactly it is taken and one more refused',
  (_, at, beyond, error) => {
    expect(at()).toBeUndefined();
    expect(beyond()).toMatchObject({ error });
  },
);

const mistakes: readonly [string, Fields, string][] = [
  ['an unknown block', { type: 'banner' }, '[ERROR] unsupported type: banner [json-pointer:/blocks/0/type]'],
  [
    'a misspelt property',
    { type: 'divider', colour: 'red' },
    '[ERROR] invalid additional property: colour [json-pointer:/blocks/0]',
  ],
  ['empty text', section(0), '[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
  [
    'mrkdwn in a header',
    { type: 'header', text: mrkdwn(5) },
    '[ERROR] unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]',
  ],
  [
    'an alert outside a modal',
    { type: 'alert', text: plain(5) },
    '[ERROR] unsupported type: alert [json-pointer:/blocks/0/type]',
  ],
  [
    'a container in a container',
    { type: 'container', title: plain(5), child_blocks: [container(1)] },
    'unsupported type: container',
  ],
  [
    'a picture without words',
    { type: 'image', image_url: 'https://example.com/a.png' },
    'missing required field: alt_text',
  ],
  [
    'rows of unlike length',
    { ...dataTable(2, 2), rows: [[raw('a'), raw('b')], [raw('c')]] },
    'all rows must have the same number of cells',
  ],
  [
    'a share of nothing',
    { ...pie(1), chart: { type: 'pie', segments: [{ label: 'a', value: 0 }] } },
    'must be greater than 0',
  ],
  [
    'two elements with one action_id',
    actions(button({ action_id: 'a' }), button({ action_id: 'a' })),
    'action_id already exists',
  ],
];

test.each(mistakes)('given %s, then it is refused with these words', (_, block, words) => {
  expect(checkMessage({ blocks: [block] })?.messages.join('\n')).toContain(words);
});

test('given a workspace without charts, when a chart is posted, then only there it is refused', () => {
  expect(checkMessage({ blocks: [pie(1)] }, { refuse: ['data_visualization'] })?.error).toBe('invalid_blocks');
  expect(checkMessage({ blocks: [pie(1)] })).toBeUndefined();
});

test('given an input without a submit button, then the modal is refused', () => {
  const input = { type: 'input', label: plain(5), element: { type: 'plain_text_input' } };
  expect(checkView(modal({ blocks: [input] }))).toBeDefined();
  expect(checkView(modal({ blocks: [input], submit: plain(5) }))).toBeUndefined();
});

test.each([
  [undefined, true],
  [{ response_action: 'clear' }, true],
  [{ response_action: 'errors', errors: { why: 'Too short' } }, true],
  [{ response_action: 'errors', errors: {} }, false],
  [{ response_action: 'update', view: modal() }, true],
  [{ response_action: 'update' }, false],
  [{ response_action: 'close' }, false],
])('given the answer %j to a submission, then whether it is proper is %s', (body, proper) => {
  expect(checkViewResponse(body) === undefined).toBe(proper);
});
