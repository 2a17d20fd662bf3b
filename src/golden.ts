import { run } from './cli/run.ts';

/** The executable. Everything it takes from its process is handed on here, and nowhere else is `process.env` read. */

for (const stream of [process.stdout, process.stderr]) {
  // Whoever reads has closed the pipe (`golden list x | head`): nobody is left to read, but the exit code still tells.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.exit(2);
  });
}

const exitCode = await run({
  argv: process.argv.slice(2),
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  signals: process,
  end: (code) => process.exit(code),
});
// Connections that are kept alive for a next request must not keep a finished process.
process.exit(exitCode);
