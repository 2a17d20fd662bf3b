import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { parse } from 'yaml';
import { testWhere } from './support/skip.ts';

interface Manifest {
  oauth_config: { scopes: Record<'bot' | 'bot_optional', string[]> };
  settings: object;
  features: object;
}

const manifest = parse(readFileSync(new URL('../manifest.yml', import.meta.url), 'utf8')) as Manifest;
const { bot, bot_optional: optional } = manifest.oauth_config.scopes;

describe('the Slack app manifest', () => {
  test('it has the slash command, with people and channels as ids', () => {
    const command = expect.objectContaining({
      command: '/golden',
      should_escape: true,
      usage_hint: expect.any(String),
    });
    expect(manifest.features).toMatchObject({ slash_commands: [command] });
  });

  test('it has a bot user and a Home tab', () => {
    expect(manifest.features).toMatchObject({
      bot_user: { display_name: 'golden' },
      app_home: { home_tab_enabled: true },
    });
  });

  test('it needs no address that Slack can reach', () => {
    expect(manifest.settings).toMatchObject({ socket_mode_enabled: true, interactivity: { is_enabled: true } });
    expect(JSON.stringify(manifest)).not.toContain('url');
  });

  test('it hears of the Home tab, of its own end, and of who left an approver group', () => {
    const events = ['app_home_opened', 'app_uninstalled', 'subteam_members_changed', 'tokens_revoked'];
    expect(manifest.settings).toMatchObject({ event_subscriptions: { bot_events: events } });
  });

  test('it asks for what the bot calls, and an admin may refuse the rest', () => {
    const needed = ['channels:join', 'channels:read', 'chat:write', 'commands', 'usergroups:read', 'users:read'];
    const refusable = ['channels:history', 'groups:history', 'groups:read'];
    expect({ bot, optional }).toEqual({ bot: needed, optional: refusable });
  });

  test('it does without reading what people write', () => {
    expect(bot.filter((scope) => scope.endsWith(':history'))).toEqual([]);
  });
});

describe('by the schema of Slack', () => {
  const schemas = new URL('../../shared/slack/manifest/', import.meta.url);
  const present = existsSync(schemas);
  const whereKnown = testWhere(present, "../shared is absent, which holds Slack's schema");

  for (const version of ['1.0.0', '2.0.0']) {
    whereKnown(`the manifest is valid, in version ${version}`, () => {
      const schema = JSON.parse(readFileSync(new URL(`manifest.schema.${version}.json`, schemas), 'utf8')) as object;
      const ajv = new Ajv({ strict: false, allErrors: true });
      formats.default(ajv);
      ajv.validate(schema, manifest);
      expect(ajv.errors).toBeNull();
    });
  }
});
