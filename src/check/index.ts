import { styleText } from 'node:util';
import stringWidth from 'string-width';
import type { Arguments } from '../cli/arguments.ts';
import { screenOf } from '../cli/screen.ts';
import { print, type Surroundings } from '../cli/surroundings.ts';
import type { Screen } from '../command.ts';
import { type Config, loadConfig } from '../config.ts';
import { azureProbes } from './azure.ts';
import { type Finding, runProbes } from './probe.ts';
import { redisProbes } from './redis.ts';
import { slackProbes } from './slack.ts';

/**
 * `golden check`: validates the configuration, then tries everything it names. Prints one line each.
 *
 * @returns 0 all well, 1 something is missing
 * @throws ConfigError
 */
export async function check({ json, noColor }: Arguments, { env, stdout }: Surroundings): Promise<0 | 1> {
  const config = loadConfig({ env, needs: { slack: 'optional', redis: 'optional' }, logLevel: 'warn' });
  const probes = [...redisProbes(config.redisUrl), ...azureProbes(config), ...slackProbes(config)];
  const findings = [configured(config), ...(await runProbes(probes))];
  const ok = findings.every(({ state }) => state !== 'missing');
  await print(
    stdout,
    json ? JSON.stringify({ ok, checks: findings }) : checkText(findings, screenOf(stdout, env, { noColor })),
  );
  return ok ? 0 : 1;
}

/** One line for each finding, as a terminal shows it. */
export function checkText(findings: readonly Finding[], screen: Screen): string {
  const width = Math.max(...findings.map(({ name }) => stringWidth(visible(name))));
  return findings
    .map(({ name, state, detail, remedy }) => {
      const label = state.padEnd('missing'.length);
      const shown = screen.colour ? styleText(COLOURS[state], label, { validateStream: false }) : label;
      const gap = ' '.repeat(width - stringWidth(visible(name)));
      return `${shown}  ${visible(name)}${gap}  ${visible(detail)}${remedy === undefined ? '' : `. ${visible(remedy)}`}`;
    })
    .join('\n');
}

const COLOURS = { ok: 'green', advice: 'yellow', missing: 'red' } as const;

function configured({ file, teams, policy: { golden } }: Config): Finding {
  return {
    name: 'Configuration',
    state: 'ok',
    detail: `${file}: ${teams.length} team${teams.length === 1 ? '' : 's'}, ${golden.length} approved`,
  };
}

/** Names and errors come from Azure and Slack; they stay on their line and steer nothing. */
function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
