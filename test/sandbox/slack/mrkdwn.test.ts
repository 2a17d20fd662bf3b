import { expect, test } from '@jest/globals';
import { mentions, pings } from '../../../sandbox/slack/mentions.ts';
import { parseInline, parseMrkdwn } from '../../../sandbox/slack/mrkdwn.ts';

test.each([
  ['<!channel>', [{ kind: 'broadcast', range: 'channel' }]],
  ['<!here>', [{ kind: 'broadcast', range: 'here' }]],
  ['<@U0BOB>', [{ kind: 'user', id: 'U0BOB', label: '' }]],
  ['<#C0DATA|data>', [{ kind: 'channel', id: 'C0DATA', label: 'data' }]],
  ['<!subteam^S0PAYOPS>', [{ kind: 'group', id: 'S0PAYOPS', label: '' }]],
  ['<https://example.com/?a=1&amp;b=2|here>', [{ kind: 'link', url: 'https://example.com/?a=1&b=2', label: 'here' }]],
  [
    '<!date^1795000000^{date}|then>',
    [{ kind: 'date', unixSec: 1_795_000_000, format: '{date}', url: '', fallback: 'then' }],
  ],
  ['*bold*', [{ kind: 'bold', children: [{ kind: 'text', text: 'bold' }] }]],
  [
    '_it *b*_',
    [
      {
        kind: 'italic',
        children: [
          { kind: 'text', text: 'it ' },
          { kind: 'bold', children: [{ kind: 'text', text: 'b' }] },
        ],
      },
    ],
  ],
  ['`*not bold*`', [{ kind: 'code', text: '*not bold*' }]],
  ['2*3*4 and snake_case_name', [{ kind: 'text', text: '2*3*4 and snake_case_name' }]],
  [
    ':rocket: :nosuch:',
    [
      { kind: 'emoji', name: 'rocket', glyph: '🚀' },
      { kind: 'text', text: ' :nosuch:' },
    ],
  ],
  ['&lt;!channel&gt; &amp;amp;', [{ kind: 'text', text: '<!channel> &amp;' }]],
  [
    'see https://example.com.',
    [
      { kind: 'text', text: 'see ' },
      { kind: 'link', url: 'https://example.com', label: '' },
      { kind: 'text', text: '.' },
    ],
  ],
])('given the line %s, then it parses as in Slack', (line, nodes) => {
  expect(parseInline(line)).toEqual(nodes);
});

test('given a quote, a list and code, then each is a piece of its own', () => {
  const pieces = parseMrkdwn('Hello\n&gt; said\n• one\n• two\n```\nlet <!channel>;\n```');
  expect(pieces.map((piece) => piece.kind)).toEqual(['paragraph', 'quote', 'list', 'preformatted']);
});

const hostile = '<!channel> <@U0BOB> <!subteam^S0PAYOPS>';

test.each([
  ['the fallback', { text: hostile }],
  ['a section', { text: 'a', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: hostile } }] }],
  [
    'an attachment',
    { text: 'a', attachments: [{ blocks: [{ type: 'context', elements: [{ type: 'mrkdwn', text: hostile }] }] }] },
  ],
  ['markdown', { text: 'a', blocks: [{ type: 'markdown', text: hostile }] }],
  [
    'rich text',
    {
      text: 'a',
      blocks: [
        {
          type: 'rich_text',
          elements: [
            {
              type: 'rich_text_section',
              elements: [
                { type: 'broadcast', range: 'channel' },
                { type: 'user', user_id: 'U0BOB' },
                { type: 'usergroup', usergroup_id: 'S0PAYOPS' },
              ],
            },
          ],
        },
      ],
    },
  ],
])('given pings in %s, then all three are found', (_, message) => {
  expect(pings(message).map((p) => `${p.kind} ${p.target}`)).toEqual([
    'broadcast channel',
    'user U0BOB',
    'group S0PAYOPS',
  ]);
});

test.each([
  ['plain text', { blocks: [{ type: 'header', text: { type: 'plain_text', text: hostile } }] }],
  ['a table', { blocks: [{ type: 'table', rows: [[{ type: 'raw_text', text: hostile }]] }] }],
  [
    'a rich text leaf',
    {
      blocks: [
        { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: hostile }] }] },
      ],
    },
  ],
  ['escaped mrkdwn', { text: hostile.replaceAll('<', '&lt;').replaceAll('>', '&gt;') }],
])('given pings in %s, then nobody is notified', (_, message) => {
  expect(mentions(message)).toEqual([]);
});

test('given a button with a URL, then it counts as a link', () => {
  const blocks = [
    {
      type: 'actions',
      elements: [{ type: 'button', text: { type: 'plain_text', text: 'Docs' }, url: 'https://example.com' }],
    },
  ];
  expect(mentions({ blocks })).toMatchObject([
    { kind: 'link', target: 'https://example.com', pointer: '/blocks/0/elements/0' },
  ]);
});
