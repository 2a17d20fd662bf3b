import {
  hasSlack,
  readAzure,
  readConfigPath,
  readHealth,
  readLogLevel,
  readPosting,
  readRedis,
  readSlack,
} from './environment.ts';
import { ConfigError } from './faults.ts';
import { readGoldenYml } from './file.ts';
import { platformDigestOf, policyOf, scopeOf, teamsOf } from './policy.ts';
import type { Config, LogLevel, SlackSettings } from './settings.ts';
import { type Environment, Variables } from './variables.ts';

/**
 * How much a process wants a part: `required` must be set; `optional` may be left out, but what is set is checked;
 * `unused` is not even looked at, so that `golden status` does not fail for a Slack token it never sends.
 */
export type Need = 'required' | 'optional' | 'unused';

/** What a process needs besides golden.yml and Azure. */
export interface Needs {
  /** Everything it takes to listen to Slack; `posting` asks for what talking alone takes, which is less. */
  readonly slack: Need | 'posting';
  readonly redis: Need;
}

/**
 * Reads the environment and golden.yml once and checks them.
 *
 * @param options.env The process's environment.
 * @param options.logLevel Where LOG_LEVEL is not set.
 * @throws ConfigError with every fault of environment and file together.
 */
export function loadConfig(options: {
  readonly env: Environment;
  readonly needs: Needs;
  readonly logLevel?: LogLevel;
}): Config {
  const variables = new Variables(options.env);
  const file = readConfigPath(variables);
  const azure = readAzure(variables);
  const { slack: need } = options.needs;
  const slack = need === 'posting' ? undefined : slackFor(variables, need);
  const posting = need === 'posting' ? readPosting(variables) : slack;
  const redisUrl =
    options.needs.redis === 'unused' ? undefined : readRedis(variables, options.needs.redis === 'required');
  const health = readHealth(variables);
  const clash = slack?.mode === 'http' && slack.port === health.healthPort;
  const logLevel = readLogLevel(variables, options.logLevel ?? 'info');
  if (clash && health.healthPortFixed) {
    variables.faults.push({
      path: 'HEALTH_PORT',
      problem: 'is the same port as PORT',
      found: String(health.healthPort),
      remedy: "Give the two different ports: health and metrics are not for Slack's side of the network.",
    });
  }
  variables.reportMisspelt();

  const { yml, faults } = readGoldenYml(file);
  if (yml === undefined || variables.faults.length > 0) throw new ConfigError([...variables.faults, ...(faults ?? [])]);
  return {
    file,
    azure: { ...azure, scope: scopeOf(yml) },
    policy: policyOf(yml),
    teams: teamsOf(yml),
    platform: { channel: yml.platform?.channel, digest: platformDigestOf(yml) },
    slack,
    posting: posting && { botToken: posting.botToken, apiUrl: posting.apiUrl },
    redisUrl,
    ...health,
    ...(clash && { healthPort: 0 }),
    logLevel,
  };
}

function slackFor(variables: Variables, need: Need): SlackSettings | undefined {
  if (need === 'unused' || (need === 'optional' && !hasSlack(variables))) return undefined;
  return readSlack(variables);
}
