import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openLog } from '../../src/telemetry/log.ts';
import { scrub } from '../../src/telemetry/scrub.ts';

/** What is written when `log` is used. */
function lines(
  use: (log: ReturnType<typeof openLog>) => void,
  level: Parameters<typeof openLog>[0] = 'debug',
): string[] {
  const written: string[] = [];
  use(openLog(level, { write: (line) => written.push(line) }));
  return written;
}

test('given an event with fields, when it is logged, then it is one line of JSON', () => {
  const [line = '', ...more] = lines((log) => log.info({ requestId: 'r1', durationMs: 3 }, 'answered'));
  expect(more).toEqual([]);
  expect(JSON.parse(line)).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    requestId: 'r1',
    durationMs: 3,
    msg: 'answered',
  });
});

test('given the level warn, when something of less weight is logged, then nothing is written', () => {
  expect(lines((log) => log.info('x'), 'warn')).toEqual([]);
  expect(lines((log) => log.error('x'), 'silent')).toEqual([]);
});

const SECRET = 'hunter2hunter2';

test.each<[string, object]>([
  ['a Slack token in a text', { note: `token xoxb-12-${SECRET} refused` }],
  ['a rotated Slack token', { note: `xoxe.xoxp-1-${SECRET}` }],
  ['an app token', { note: `xapp-1-${SECRET}` }],
  ['a header', { headers: { Authorization: `Bearer ${SECRET}` } }],
  ['a header of another form', { headers: { authorization: `SharedKey ${SECRET}` } }],
  ['a bearer token in a text', { note: `sent Bearer ${SECRET}` }],
  ['a field called password', { password: SECRET }],
  ['a field called botToken', { botToken: SECRET }],
  ['a field called signingSecret', { signingSecret: SECRET }],
  ['a field called token with quotes in it', { token: `a"${SECRET}\\` }],
  ['a shared access signature', { url: `https://x.blob.core.windows.net/a?sv=1&sig=${SECRET}%3D&se=2` }],
  ['a form', { body: `grant_type=x&client_secret=${SECRET}` }],
  ['a Redis password', { url: `redis://user:${SECRET}@redis:6379` }],
  ['a response URL', { url: `https://hooks.slack.com/commands/T1/2/${SECRET}` }],
  ['a JSON web token', { note: `eyJhbGciOiJIUzI1NiJ9.eyJz${SECRET}.c2ln${SECRET}` }],
  ['an error and its cause', { err: new Error('a', { cause: new Error(`Bearer ${SECRET}`) }) }],
])('given %s, when it is logged, then the secret is not', (_what, fields) => {
  const [line = ''] = lines((log) => log.error(fields, 'event'));
  expect(line).not.toContain(SECRET);
  expect(JSON.parse(line)).toMatchObject({ msg: 'event' });
});

test('given the same secrets without scrubbing, when they are serialised, then they are there: the test above can fail', () => {
  expect(JSON.stringify({ botToken: SECRET })).toContain(SECRET);
  expect(scrub(JSON.stringify({ botToken: SECRET }))).toBe('{"botToken":"[hidden]"}');
});

test('given what is no secret, when it is logged, then it stays', () => {
  const fields = {
    endpoint: 'https://management.azure.com/x?api-version=1',
    vm: 'pay-token-01',
    quota: 'tokens=3 sig nature',
    user: 'a@example.com',
  };
  const [line = ''] = lines((log) => log.info(fields, 'event'));
  expect(JSON.parse(line)).toMatchObject(fields);
});

test('property: whatever is logged, the line stays JSON', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.constantFrom('xoxb-"', 'Bearer \\', 'a://b@', 'sig="'))),
      (fields) => {
        const text = JSON.stringify({ ...fields });
        expect(() => JSON.parse(scrub(text))).not.toThrow();
      },
    ),
  );
});
