import { expect, test } from '@jest/globals';
import { fits, fitted } from '../../src/slack/views/budget.ts';
import type { Message } from '../../src/slack/views/message.ts';

/** A message of rows that take so many characters each, of which the foreign text is shortened. */
const messageOf = (rows: number, characters: number): Message => ({
  text: '',
  blocks: Array.from({ length: rows }, () => ({ type: 'markdown' as const, text: 'x'.repeat(characters) })),
});

test.each([
  [20, 5],
  [6, 5],
  [5, 5],
])('given %i rows of which five fit, when a message is made of them, then it shows %i', (rows, shown) => {
  const message = fitted(rows, (detail) => messageOf(detail.rows, 1_500 + detail.characters));
  expect(message.blocks).toHaveLength(shown);
});

test('given rows that fit once their texts are shorter, when a message is made, then all are shown', () => {
  expect(fitted(10, ({ rows, characters }) => messageOf(rows, 5 * characters)).blocks).toHaveLength(10);
});

test('given a text that is too long without any row, when a message is made, then it is cut as far as it takes', () => {
  const message = fitted(3, ({ characters }) => messageOf(1, 170 * characters));
  expect(fits(message)).toBe(true);
});
