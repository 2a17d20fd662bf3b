import type { Hub } from './hub.ts';
import type { Fields, Message, View } from './types.ts';

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const TEXT_DEFAULTS: Record<string, Fields> = { plain_text: { emoji: true }, mrkdwn: { verbatim: false } };

/** Elements that carry an `action_id`; Slack makes one up where the app left it out. */
const INTERACTIVE =
  /^(button|overflow|checkboxes|radio_buttons|.*_select|.*picker|.*_input|feedback_buttons|icon_button|workflow_button)$/;

/**
 * Blocks as Slack stores and returns them: every block with a `block_id`, every interactive element with an `action_id`,
 * text objects with their defaults. `newId` draws the missing ids.
 */
export function storedBlocks(blocks: unknown, newId: () => string): Fields[] {
  const visit = (value: unknown, isBlock: boolean): unknown => {
    if (Array.isArray(value)) return value.map((item) => visit(item, isBlock));
    if (!isObject(value)) return value;
    const type = typeof value.type === 'string' ? value.type : '';
    const filled = Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, visit(inner, key === 'child_blocks')]),
    );
    return {
      ...TEXT_DEFAULTS[type],
      ...filled,
      ...(isBlock && filled.block_id === undefined ? { block_id: newId() } : {}),
      ...(INTERACTIVE.test(type) && filled.action_id === undefined ? { action_id: newId() } : {}),
    };
  };
  return Array.isArray(blocks) ? (visit(withoutExtraCharts(blocks), true) as Fields[]) : [];
}

const MAX_CHARTS = 2;

/** Slack keeps the first two charts of a message and silently drops the others. */
function withoutExtraCharts(blocks: readonly Fields[]): Fields[] {
  const charts = blocks.filter((block) => block.type === 'data_visualization');
  const extra = new Set(charts.slice(MAX_CHARTS));
  return blocks.filter((block) => !extra.has(block));
}

/** Appends a message and tells the watchers. */
export function addMessage(hub: Hub, message: Message): Message {
  const { blocks, ...rest } = message;
  const stored = blocks && blocks.length > 0 ? { ...rest, blocks: storedBlocks(blocks, () => hub.newId('b')) } : rest;
  hub.workspace.messages.push(stored);
  hub.changed();
  return stored;
}

/** The message at `ts`; ephemeral ones only for `ephemeralTo`, because to everybody else they do not exist. */
export function findMessage(hub: Hub, channel: string, ts: string, ephemeralTo?: string): Message | undefined {
  return hub.workspace.messages.find(
    (m) => m.channel === channel && m.ts === ts && (m.ephemeralTo === undefined || m.ephemeralTo === ephemeralTo),
  );
}

/** Takes a message away. */
export function removeMessage(hub: Hub, message: Message): void {
  hub.workspace.messages = hub.workspace.messages.filter((m) => m !== message);
  hub.changed();
}

/** Something Slack itself tells one user, such as a failed command. */
export function tellUser(hub: Hub, user: string, channel: string, text: string): void {
  addMessage(hub, { channel, ts: hub.nextTs(), text, ephemeralTo: user, fromSlack: true });
}

/** A view as stored, its blocks filled in; keeps `state` of inputs that are still there. */
export function newView(
  hub: Hub,
  user: string,
  fields: Fields,
  place: Partial<Pick<View, 'rootId' | 'previousId'>> = {},
): View {
  const id = hub.newId('V');
  return {
    id,
    user,
    type: fields.type === 'home' ? 'home' : 'modal',
    hash: `${Math.floor(hub.settings.now() / 1_000)}.${hub.newId('h').toLowerCase()}`,
    fields: { ...fields, blocks: storedBlocks(fields.blocks, () => hub.newId('b')) },
    externalId: typeof fields.external_id === 'string' ? fields.external_id : '',
    rootId: place.rootId ?? id,
    previousId: place.previousId ?? null,
    state: {},
  };
}

/** Puts new content into a view; the id stays, the hash changes. */
export function replaceView(hub: Hub, view: View, fields: Fields): void {
  const fresh = newView(hub, view.user, fields);
  view.fields = fresh.fields;
  view.hash = fresh.hash;
  view.externalId = fresh.externalId;
  const ids = new Set((fresh.fields.blocks as Fields[]).map((block) => block.block_id));
  view.state = Object.fromEntries(Object.entries(view.state).filter(([blockId]) => ids.has(blockId)));
  hub.changed();
}
