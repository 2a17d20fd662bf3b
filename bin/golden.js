#!/usr/bin/env node
// Plain JavaScript that an old Node can read: Golden itself is TypeScript, which Node runs as it is from version 24 on.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = new URL('../src/golden.ts', import.meta.url);
const [major] = process.versions.node.split('.');

if (Number(major) >= 24) {
  await import(main.href);
} else {
  const pinned = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));
  if (existsSync(pinned)) {
    runUnder(pinned);
  } else {
    process.stderr.write(
      `golden: Node 24 or newer is needed, this is ${process.version}: install it, or run \`npm ci\`\n`,
    );
    process.exitCode = 1;
  }
}

/**
 * Runs Golden under another Node as if it were this process: same terminal, same signals, same end.
 * @param {string} node
 */
function runUnder(node) {
  const child = spawn(node, [fileURLToPath(main), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      // Ctrl+C has reached the child already, by the terminal; a second one would tell it to hurry.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
