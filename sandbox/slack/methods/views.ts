import type { Hub } from '../hub.ts';
import { checkView } from '../limits.ts';
import { newView, replaceView } from '../messages.ts';
import { viewObject } from '../payloads.ts';
import { Refusal, refuseIf } from '../refusal.ts';
import type { Trigger } from '../triggers.ts';
import type { Fields, View } from '../types.ts';
import { jsonArg, type Method, textArg } from './method.ts';

const MAX_STACKED = 3;

/** The view argument, checked. @throws Refusal */
function viewArg(args: Fields, hub: Hub, type: 'modal' | 'home'): Fields {
  const view = jsonArg(args, 'view', 'invalid_arguments');
  refuseIf(checkView(view, { refuse: hub.settings.refuseBlocks, expect: type }));
  const fields = view as Fields;
  const { external_id } = fields;
  const view_id = textArg(args, 'view_id');
  const taken =
    external_id && [...hub.workspace.views.values()].some((v) => v.externalId === external_id && v.id !== view_id);
  if (taken && args.external_id !== external_id) throw new Refusal('duplicate_external_id');
  return fields;
}

function redeem(hub: Hub, args: Fields): Trigger {
  const trigger = hub.triggers.redeem(args.trigger_id ?? args.interactivity_pointer);
  if (typeof trigger === 'string') throw new Refusal(trigger);
  return trigger;
}

/** Puts a modal on top of what the user has open. @throws Refusal with `push_limit_reached` beyond three */
export function pushModal(hub: Hub, user: string, fields: Fields): View {
  const stack = hub.workspace.modals.get(user) ?? [];
  if (stack.length >= MAX_STACKED) throw new Refusal('push_limit_reached');
  const below = hub.workspace.views.get(stack.at(-1) ?? '');
  const view = newView(hub, user, fields, below ? { rootId: below.rootId, previousId: below.id } : {});
  hub.workspace.views.set(view.id, view);
  hub.workspace.modals.set(user, [...stack, view.id]);
  hub.changed();
  return view;
}

/** Closes the top modal of a user, or all of them; answers the views that went away. */
export function closeModals(hub: Hub, user: string, all: boolean): View[] {
  const stack = hub.workspace.modals.get(user) ?? [];
  const kept = all ? [] : stack.slice(0, -1);
  hub.workspace.modals.set(user, kept);
  const gone = stack.slice(kept.length).flatMap((id) => hub.workspace.views.get(id) ?? []);
  for (const view of gone) hub.workspace.views.delete(view.id);
  hub.changed();
  return gone;
}

const open: Method = (args, { hub }) => {
  const fields = viewArg(args, hub, 'modal');
  const { user } = redeem(hub, args);
  closeModals(hub, user, true);
  return { view: viewObject(hub.workspace, pushModal(hub, user, fields)) };
};

const push: Method = (args, { hub }) => {
  const fields = viewArg(args, hub, 'modal');
  const { user } = redeem(hub, args);
  return { view: viewObject(hub.workspace, pushModal(hub, user, fields)) };
};

const update: Method = (args, { hub }) => {
  const { views } = hub.workspace;
  const external = textArg(args, 'external_id');
  const view = external
    ? [...views.values()].find((v) => v.externalId === external)
    : views.get(textArg(args, 'view_id') ?? '');
  if (!view) throw new Refusal('not_found');
  const hash = textArg(args, 'hash');
  if (hash && hash !== view.hash) throw new Refusal('hash_conflict');
  replaceView(hub, view, viewArg(args, hub, view.type));
  return { view: viewObject(hub.workspace, view) };
};

const publish: Method = (args, { hub }) => {
  const { users, homes, views } = hub.workspace;
  if (!hub.settings.app.homeTab) throw new Refusal('not_enabled');
  const user = users.get(textArg(args, 'user_id') ?? '');
  if (!user || user.deleted)
    throw new Refusal('invalid_arguments', { response_metadata: { messages: ['[ERROR] invalid user_id'] } });
  const fields = viewArg(args, hub, 'home');
  const old = views.get(homes.get(user.id) ?? '');
  const hash = textArg(args, 'hash');
  if (hash && old && hash !== old.hash) throw new Refusal('hash_conflict');
  if (old) {
    replaceView(hub, old, fields);
    return { view: viewObject(hub.workspace, old) };
  }
  const view = newView(hub, user.id, fields);
  views.set(view.id, view);
  homes.set(user.id, view.id);
  hub.changed();
  return { view: viewObject(hub.workspace, view) };
};

export const viewMethods: Record<string, Method> = {
  'views.open': open,
  'views.push': push,
  'views.update': update,
  'views.publish': publish,
};
