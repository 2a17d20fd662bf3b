import { act } from './api.js';

/** What an element starts with, from the fields the app gave it. */
function initialOf(element) {
  return (
    element.initial_option?.value ??
    element.initial_options?.map((o) => o.value) ??
    element.initial_value ??
    element.initial_date ??
    element.initial_time ??
    element.initial_date_time ??
    element.initial_user ??
    element.initial_users ??
    element.initial_channel ??
    element.initial_channels ??
    element.initial_conversation ??
    element.initial_conversations
  );
}

/** The choice in a state value as Slack shapes it: whatever stands beside `type`. */
function choiceOf(value) {
  const [, held] = Object.entries(value ?? {}).find(([key]) => key !== 'type') ?? [];
  if (Array.isArray(held)) return held.map((one) => one.value ?? one);
  return held?.value ?? held ?? undefined;
}

/**
 * Where interactive elements stand: collects what the inputs hold and sends clicks together with it.
 * `target` names the message or view; `state` and `errors` come with a view.
 */
export function createSite(page, target, { state, errors, typed = new Map() } = {}) {
  const readers = new Map();
  const keyOf = (block, element) => (block.type === 'input' ? block.block_id : element.action_id);
  const values = () =>
    Object.fromEntries([...readers].map(([key, read]) => [key, read()]).filter(([, value]) => value !== undefined));
  return {
    values,
    send: (actionId, blockId, choice) =>
      act({ act: 'click', user: page.state.me, ...target, actionId, blockId, choice, values: values() }),
    suggest: async (actionId, blockId, query) =>
      (await act({ act: 'suggest', user: page.state.me, ...target, actionId, blockId, query })).suggestions ?? {},
    register: (block, element, read) => readers.set(keyOf(block, element), read),
    initial: (block, element) =>
      typed.get(keyOf(block, element)) ?? choiceOf(state?.[block.block_id]?.[element.action_id]) ?? initialOf(element),
    changes: (block) => block.type !== 'input' || block.dispatch_action === true,
    error: (block) => errors?.[block.block_id],
  };
}
