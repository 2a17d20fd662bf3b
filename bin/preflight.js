// Loaded by `node --import` before the .ts entry points: an older Node cannot even read them, and its own message
// ("Unknown file extension") does not say what to do. Plain JavaScript for that reason.
import { existsSync } from 'node:fs';

const [major] = process.versions.node.split('.');

if (!existsSync(new URL('../node_modules', import.meta.url))) stop('dependencies are not installed: run `npm ci`');
if (Number(major) < 24) {
  stop(`Node 24 or newer is needed, this is ${process.version}: run \`npm rebuild node\`, and start by \`npm run\``);
}

/** @param {string} why */
function stop(why) {
  process.stderr.write(`golden: ${why}\n`);
  process.exit(1);
}
