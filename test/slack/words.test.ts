import { expect, test } from '@jest/globals';
import { clickedWords, typedWords } from '../../src/slack/words.ts';

test.each<[string, string, string[]]>([
  ['spaces of all kinds separate', '  status\u00a0\u2003team-x\t', ['status', 'team-x']],
  ['typographic quotes group', 'status “my team”', ['status', 'my team']],
  ['straight quotes group', 'list "my team" eol', ['list', 'my team', 'eol']],
  ['single quotes group whole words', "why 'web 01'", ['why', 'web 01']],
  ['an apostrophe is a letter', "status o'brien", ['status', "o'brien"]],
  ['a quote that nobody closed ends with the text', 'why "web 01', ['why', 'web 01']],
  ['full-width letters are letters', 'ｓｔａｔｕｓ team-x', ['status', 'team-x']],
  ['a channel mention stays one word', 'status <#C123|team x>', ['status', '<#C123|team x>']],
  ['Slack’s entities are undone once', 'why a&amp;lt;b&lt;c', ['why', 'a&lt;b<c']],
  ['nothing is no word', ' \u00a0 ', []],
])('what a person types: %s', (_name, text, words) => {
  expect(typedWords(text)).toEqual(words);
});

test('given megabytes, when they are typed, then no more is looked at than a command can hold', () => {
  expect(typedWords('x'.repeat(5_000_000)).join('').length).toBeLessThanOrEqual(2000);
});

test('given words behind a button, when it is pressed, then they are taken as they were sent', () => {
  expect(clickedWords('why "a&amp;b ﬁ"')).toEqual(['why', 'a&amp;b ﬁ']);
});
