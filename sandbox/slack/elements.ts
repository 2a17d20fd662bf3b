import type { Fields, ViewState } from './types.ts';

/** What a user chose or typed: text for most elements, several values for multi-selects and checkboxes. */
export type Choice = string | readonly string[];

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** An interactive element and the block it sits in. */
export interface Placed {
  block: Fields;
  element: Fields;
}

/** Every interactive element of the blocks, containers and cards opened. */
export function placedElements(blocks: unknown): Placed[] {
  return list(blocks).flatMap((block): Placed[] => {
    const own = [block.accessory, block.element, ...list(block.type === 'card' ? block.actions : block.elements)];
    const here = own.filter(isObject).filter((e) => typeof e.action_id === 'string');
    const inner = block.type === 'carousel' ? block.elements : block.child_blocks;
    return [...here.map((element) => ({ block, element })), ...placedElements(inner)];
  });
}

/** The element with this `action_id`, in the block if one is named. */
export const findElement = (blocks: unknown, actionId: string, blockId?: string): Placed | undefined =>
  placedElements(blocks).find(
    ({ block, element }) => element.action_id === actionId && (blockId === undefined || block.block_id === blockId),
  );

const optionsOf = (element: Fields): Fields[] => [
  ...list(element.options),
  ...list(element.option_groups).flatMap((group) => list(group.options)),
];

const first = (choice: Choice | undefined): string | undefined => (typeof choice === 'string' ? choice : choice?.[0]);
const several = (choice: Choice | undefined): readonly string[] =>
  typeof choice === 'string' ? [choice] : (choice ?? []);

/** The option with this value; for external selects, whose options Slack does not keep, one made of the value itself. */
function optionFor(element: Fields, value: string | undefined): Fields | null {
  if (value === undefined) return null;
  const known = optionsOf(element).find((o) => o.value === value);
  if (known) return known;
  return String(element.type).includes('external')
    ? { text: { type: 'plain_text', text: value, emoji: true }, value }
    : null;
}

/**
 * The value of an element as Slack shapes it in `state.values` and `actions`; without a choice its initial value.
 * Field names differ by element type: `selected_option`, `selected_date`, `value` and so on.
 */
export function stateValueOf(element: Fields, choice?: Choice): Fields {
  const type = String(element.type);
  const one = first(choice);
  const options = several(choice).flatMap((value) => optionFor(element, value) ?? []);
  switch (type) {
    case 'static_select':
    case 'external_select':
    case 'radio_buttons':
    case 'overflow':
      return {
        type,
        selected_option: choice === undefined ? (element.initial_option ?? null) : optionFor(element, one),
      };
    case 'multi_static_select':
    case 'multi_external_select':
    case 'checkboxes':
      return { type, selected_options: choice === undefined ? list(element.initial_options) : options };
    case 'users_select':
      return { type, selected_user: one ?? element.initial_user ?? null };
    case 'conversations_select':
      return { type, selected_conversation: one ?? element.initial_conversation ?? null };
    case 'channels_select':
      return { type, selected_channel: one ?? element.initial_channel ?? null };
    case 'multi_users_select':
      return { type, selected_users: choice === undefined ? (element.initial_users ?? []) : several(choice) };
    case 'multi_conversations_select':
      return {
        type,
        selected_conversations: choice === undefined ? (element.initial_conversations ?? []) : several(choice),
      };
    case 'multi_channels_select':
      return { type, selected_channels: choice === undefined ? (element.initial_channels ?? []) : several(choice) };
    case 'datepicker':
      return { type, selected_date: one || (choice === undefined ? (element.initial_date ?? null) : null) };
    case 'timepicker':
      return { type, selected_time: one || (choice === undefined ? (element.initial_time ?? null) : null) };
    case 'datetimepicker': {
      const seconds = one ? Number(one) : choice === undefined ? element.initial_date_time : undefined;
      return { type, selected_date_time: seconds ?? null };
    }
    case 'button':
    case 'icon_button':
    case 'workflow_button':
      return {
        type,
        ...(element.value === undefined ? {} : { value: element.value }),
        ...(element.text ? { text: element.text } : {}),
      };
    case 'feedback_buttons':
      return { type, value: one ?? null };
    default:
      return { type, value: one || (choice === undefined ? (element.initial_value ?? null) : null) };
  }
}

const STATELESS = new Set(['button', 'overflow', 'icon_button', 'workflow_button', 'feedback_buttons']);

/** The state of all inputs: what was filled in before, else their initial values. Buttons have none. */
export function stateOf(blocks: unknown, filled: ViewState = {}): ViewState {
  const state: ViewState = {};
  for (const { block, element } of placedElements(blocks)) {
    if (STATELESS.has(String(element.type))) continue;
    const blockId = String(block.block_id);
    const actionId = String(element.action_id);
    state[blockId] = { ...state[blockId], [actionId]: filled[blockId]?.[actionId] ?? stateValueOf(element) };
  }
  return state;
}

/** The state after a user filled in `values`, found by action_id or block_id. */
export function filledIn(blocks: unknown, before: ViewState, values: Readonly<Record<string, Choice>>): ViewState {
  const filled: ViewState = { ...before };
  for (const { block, element } of placedElements(blocks)) {
    const blockId = String(block.block_id);
    const actionId = String(element.action_id);
    const choice = values[actionId] ?? values[blockId];
    if (choice !== undefined) filled[blockId] = { ...filled[blockId], [actionId]: stateValueOf(element, choice) };
  }
  return stateOf(blocks, filled);
}

const isEmpty = (value: Fields): boolean =>
  Object.entries(value).every(
    ([key, v]) => key === 'type' || v === null || v === '' || (Array.isArray(v) && v.length === 0),
  );

/** What Slack's client itself says before it submits: required inputs left empty, texts too short or too long. */
export function inputErrors(blocks: unknown, state: ViewState): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { block, element } of placedElements(blocks)) {
    if (block.type !== 'input') continue;
    const blockId = String(block.block_id);
    const value = state[blockId]?.[String(element.action_id)] ?? {};
    const text = typeof value.value === 'string' ? value.value : '';
    if (isEmpty(value)) {
      if (block.optional !== true) errors[blockId] = 'Please complete this required field.';
      continue;
    }
    const { min_length: min, max_length: max } = element;
    if (typeof min === 'number' && text.length < min) errors[blockId] = `Must be at least ${min} characters.`;
    if (typeof max === 'number' && text.length > max) errors[blockId] = `Must be at most ${max} characters.`;
  }
  return errors;
}

/** One entry of `actions` in a block_actions payload. */
export function actionOf({ block, element }: Placed, choice: Choice | undefined, actionTs: string): Fields {
  const { style, confirm, placeholder } = element;
  return {
    action_id: element.action_id,
    block_id: block.block_id,
    ...stateValueOf(element, choice),
    ...(style ? { style } : {}),
    ...(confirm ? { confirm } : {}),
    ...(placeholder ? { placeholder } : {}),
    action_ts: actionTs,
  };
}
