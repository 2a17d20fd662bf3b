import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const run = promisify(execFile);
const bin = new URL('../bin/', import.meta.url);

/** Imported first, it makes this Node pass for an old one. */
const PRETEND_OLD = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.20.2'})`;

/** A main that tells what it was given, then ends as it was asked to. */
const MAIN = `
  const [how, value] = process.argv.slice(2);
  if (how === 'wait') process.on('SIGTERM', () => process.exit(7));
  console.log(JSON.stringify({ args: process.argv.slice(2) }));
  if (how === 'exit') process.exit(Number(value));
  setInterval(() => {}, 1000);`;

describe('bin/golden.js', () => {
  let home: string;
  let pinned: string;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'golden-bin-'));
    pinned = join(home, 'node_modules/node/bin/node');
    await cp(bin, join(home, 'bin'), { recursive: true });
    await mkdir(join(home, 'src'));
    await mkdir(join(home, 'node_modules/node/bin'), { recursive: true });
    await writeFile(join(home, 'package.json'), '{ "type": "module" }');
    await writeFile(join(home, 'src/golden.ts'), MAIN);
  });
  afterAll(async () => await rm(home, { recursive: true, force: true }));

  const golden = (...args: string[]) => [join(home, 'bin/golden.js'), ...args];
  const old = (...args: string[]) => ['--import', PRETEND_OLD, ...golden(...args)];

  test('given a Node that reads TypeScript, then Golden runs in it, and its exit code is kept', async () => {
    await expect(run(process.execPath, golden('exit', '3'))).rejects.toMatchObject({ code: 3 });
  });

  test('given an old Node and none beside it, then one line says what is needed', async () => {
    await expect(run(process.execPath, old('exit', '0'))).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^golden: Node 24 or newer is needed, .*`npm ci`\n$/),
    });
  });

  describe('given an old Node, and the pinned one', () => {
    beforeAll(async () => await symlink(process.execPath, pinned));

    test('then Golden runs in the pinned one, with its arguments and its exit code', async () => {
      const refused = run(process.execPath, old('exit', '3', 'a b'));
      await expect(refused).rejects.toMatchObject({ code: 3, stdout: '{"args":["exit","3","a b"]}\n' });
    });

    test('when SIGTERM comes, then Golden gets it and may end in order', async () => {
      const child = await started(old('wait'));
      child.kill('SIGTERM');
      expect(await once(child, 'exit')).toEqual([7, null]);
    });

    test('when Golden ends by a signal, then so does the executable', async () => {
      const child = await started(old('linger'));
      child.kill('SIGTERM');
      expect(await once(child, 'exit')).toEqual([null, 'SIGTERM']);
    });
  });

  test('it can be executed', async () => {
    const env = { PATH: `${join(process.execPath, '..')}` };
    await expect(run(join(home, 'bin/golden.js'), ['exit', '0'], { env })).resolves.toBeDefined();
  });
});

describe('bin/preflight.js, before each npm script', () => {
  const preflight = ['--import', new URL('preflight.js', bin).href, '--eval', ''];

  test('given a Node that reads TypeScript, then it is silent', async () => {
    await expect(run(process.execPath, preflight)).resolves.toEqual({ stdout: '', stderr: '' });
  });

  test('given an old Node, as after `npm ci --ignore-scripts`, then one line says how to mend it', async () => {
    await expect(run(process.execPath, ['--import', PRETEND_OLD, ...preflight])).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^golden: Node 24 or newer is needed, .*`npm rebuild node`.*\n$/),
    });
  });
});

/** Once the main has written a line, it also listens to signals. */
async function started(args: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}
