import { expect, test } from '@jest/globals';
import { screenOf } from '../../src/cli/screen.ts';

const TERMINAL = { isTTY: true, columns: 120 };
const PIPE = {};
const YES = { noColor: false };

test.each([
  ['a terminal', TERMINAL, {}, YES, true],
  ['a pipe', PIPE, {}, YES, false],
  ['a terminal with NO_COLOR', TERMINAL, { NO_COLOR: '1' }, YES, false],
  ['a terminal with an empty NO_COLOR', TERMINAL, { NO_COLOR: '' }, YES, true],
  ['a terminal with --no-color', TERMINAL, {}, { noColor: true }, false],
  ['a dumb terminal', TERMINAL, { TERM: 'dumb' }, YES, false],
  ['a pipe with FORCE_COLOR', PIPE, { FORCE_COLOR: '' }, YES, true],
  ['a terminal with FORCE_COLOR=0', TERMINAL, { FORCE_COLOR: '0' }, YES, false],
  ['NO_COLOR against FORCE_COLOR', PIPE, { NO_COLOR: '1', FORCE_COLOR: '1' }, YES, false],
  ['--no-color against FORCE_COLOR', PIPE, { FORCE_COLOR: '1' }, { noColor: true }, false],
])('given %s, colour is decided', (_what, output, env, options, colour) => {
  expect(screenOf(output, env, options).colour).toBe(colour);
});

test.each([
  ['the terminal tells', TERMINAL, {}, 120],
  ['COLUMNS tells', TERMINAL, { COLUMNS: '100' }, 100],
  ['nobody tells', PIPE, {}, 80],
  ['COLUMNS is no number', PIPE, { COLUMNS: 'wide' }, 80],
  ['COLUMNS is tiny', PIPE, { COLUMNS: '5' }, 40],
  ['COLUMNS is huge', PIPE, { COLUMNS: '100000' }, 500],
])('given that %s, the width is decided', (_what, output, env, width) => {
  expect(screenOf(output, env, YES).width).toBe(width);
});
