// The health check of the container: exit code 0 when this container's Golden is alive. Its image has no curl.
const port = process.env.HEALTH_PORT?.trim() || '9090';

try {
  const { status } = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(4000) });
  if (status !== 200) stop(`status ${status}`);
} catch (error) {
  stop(String(error instanceof Error ? (error.cause ?? error) : error));
}

/** @param {string} why */
function stop(why) {
  process.stderr.write(`unhealthy: ${why}\n`);
  process.exit(1);
}
