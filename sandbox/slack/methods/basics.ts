import { checkMessage, checkView } from '../limits.ts';
import { Refusal } from '../refusal.ts';
import type { Fields } from '../types.ts';
import { jsonArg, type Method } from './method.ts';

const apiTest: Method = (args) => {
  const { token: _, ...echoed } = args;
  if (typeof args.error === 'string') throw new Refusal(args.error, { args: echoed });
  return { args: echoed };
};

const authTest: Method = (_args, { hub }) => {
  const { team, bot } = hub.workspace;
  return {
    url: `${hub.origin}/`,
    team: team.name,
    user: bot.name.toLowerCase(),
    team_id: team.id,
    user_id: bot.userId,
    bot_id: bot.botId,
    is_enterprise_install: false,
  };
};

const connectionsOpen: Method = (_args, { openSocketUrl }) => ({ url: openSocketUrl() });

/** Slack's own checker: `blocks`, a whole `message` or a `view`; works without a token. */
const validate: Method = (args, { hub }) => {
  const options = { refuse: hub.settings.refuseBlocks };
  const view = jsonArg(args, 'view', 'invalid_arguments');
  const message = jsonArg(args, 'message', 'invalid_arguments') as Fields | undefined;
  const blocks = jsonArg(args, 'blocks', 'invalid_blocks_format');
  const verdict = view ? checkView(view, options) : checkMessage(message ?? { blocks }, options);
  if (!verdict) return {};
  const errors = verdict.messages.map((line) => {
    const [, message = line, pointer = ''] = /^\[ERROR\] (.*) \[json-pointer:(.*)\]$/.exec(line) ?? [];
    return { message, pointer };
  });
  throw new Refusal(verdict.error, { errors, response_metadata: { messages: verdict.messages } });
};

export const basicMethods: Record<string, Method> = {
  'api.test': apiTest,
  'auth.test': authTest,
  'apps.connections.open': connectionsOpen,
  'blocks.validate': validate,
};
