import { placedElements } from './elements.ts';
import { block } from './limits/blocks.ts';
import {
  anything,
  type Check,
  flag,
  isObject,
  listOf,
  object,
  oneOf,
  type Report,
  type Surface,
  say,
  string,
} from './limits/check.ts';
import { plainText } from './limits/objects.ts';
import { visibleCharacters } from './limits/tables.ts';
import type { Fields } from './types.ts';

/** Why Slack refuses a payload: the error and its `response_metadata.messages`. */
export interface Verdict {
  error: string;
  messages: string[];
}

/** What depends on the workspace rather than on the documentation. */
export interface LimitOptions {
  /** Block types this workspace does not know (yet). */
  refuse?: readonly string[];
  /** The kind of view a method takes. */
  expect?: 'modal' | 'home';
  /** True for a Slack file that cannot be shown (yet). */
  unreadyFile?: (id: string) => boolean;
}

const MAX_MESSAGE_BLOCKS = 50;
const MAX_VIEW_BLOCKS = 100;
/** Undocumented; between the largest message known to pass and the smallest known to fail, with some room. */
const MAX_BLOCK_CHARACTERS = 13_200;
const MAX_BLOCK_BYTES = 16_500;
const MAX_MARKDOWN_CHARACTERS = 12_000;
const MAX_TABLE_CHARACTERS = 10_000;
const MAX_VIEW_BYTES = 250_000;
const MAX_ATTACHMENTS = 100;

const invalid = (report: Report, error = 'invalid_blocks'): Verdict | undefined =>
  report.problems.length === 0
    ? undefined
    : { error, messages: report.problems.map((p) => `[ERROR] ${p.message} [json-pointer:${p.pointer}]`) };

const newReport = (surface: Surface, options: LimitOptions): Report => ({
  surface,
  refuse: options.refuse ?? [],
  unreadyFile: options.unreadyFile ?? (() => false),
  problems: [],
});

/** Blocks that share a `block_id`, elements of one block that share an `action_id`: Slack cannot tell them apart. */
function checkIds(blocks: unknown, report: Report): void {
  const blockIds = new Set<unknown>();
  const visit = (list: unknown, pointer: string): void => {
    if (!Array.isArray(list)) return;
    list.forEach((entry, index) => {
      if (!isObject(entry)) return;
      if (entry.block_id !== undefined && blockIds.has(entry.block_id)) {
        say(report, `${pointer}/${index}/block_id`, `block_id already exists: ${JSON.stringify(entry.block_id)}`);
      }
      blockIds.add(entry.block_id);
      visit(entry.child_blocks, `${pointer}/${index}/child_blocks`);
      const { child_blocks: _, ...alone } = entry;
      const ids = placedElements([alone]).map(({ element }) => element.action_id);
      const twice = ids.find((id, at) => ids.indexOf(id) !== at);
      if (twice !== undefined)
        say(report, `${pointer}/${index}`, `action_id already exists in this block: ${JSON.stringify(twice)}`);
    });
  };
  visit(blocks, '/blocks');
}

const inside = (blocks: readonly unknown[]): Fields[] =>
  blocks.filter(isObject).flatMap((b) => [b, ...(Array.isArray(b.child_blocks) ? inside(b.child_blocks) : [])]);

/** Limits over a whole message: one table, one plan, two charts, and how much all blocks may hold together. */
function checkTogether(blocks: readonly unknown[]): Verdict | undefined {
  const every = inside(blocks);
  const count = (...types: string[]) => every.filter((b) => types.includes(String(b.type))).length;
  if (count('table', 'data_table') > 1)
    return { error: 'invalid_attachments', messages: ['[ERROR] only_one_table_allowed'] };
  const tables = every.filter((b) => b.type === 'table' || b.type === 'data_table');
  if (visibleCharacters(tables) > MAX_TABLE_CHARACTERS)
    return { error: 'invalid_blocks', messages: ['[ERROR] table_too_long'] };
  if (count('plan') > 1) return { error: 'invalid_blocks', messages: ['[ERROR] only one plan block allowed'] };
  const markdown = every.filter((b) => b.type === 'markdown').reduce((sum, b) => sum + String(b.text).length, 0);
  if (markdown > MAX_MARKDOWN_CHARACTERS) return { error: 'msg_blocks_too_long', messages: [] };
  const bytes = Buffer.byteLength(JSON.stringify(blocks));
  if (visibleCharacters(blocks) > MAX_BLOCK_CHARACTERS || bytes > MAX_BLOCK_BYTES)
    return { error: 'msg_blocks_too_long', messages: [] };
  return undefined;
}

/** Content of a message, ephemeral message or response-URL body. Text is not limited here: methods differ. */
export function checkMessage(
  message: { text?: unknown; blocks?: unknown; attachments?: unknown },
  options: LimitOptions = {},
): Verdict | undefined {
  const { blocks, attachments, text } = message;
  if (text !== undefined && text !== null && typeof text !== 'string')
    return { error: 'invalid_arguments', messages: ['[ERROR] text must be a string [json-pointer:/text]'] };
  if (attachments !== undefined && attachments !== null) {
    if (!Array.isArray(attachments) || !attachments.every(isObject))
      return { error: 'invalid_attachments', messages: [] };
    if (attachments.length > MAX_ATTACHMENTS) return { error: 'too_many_attachments', messages: [] };
    for (const { blocks: inner } of attachments) {
      const verdict = inner === undefined ? undefined : checkMessage({ blocks: inner }, options);
      if (verdict) return verdict;
    }
  }
  if (blocks === undefined || blocks === null) return undefined;
  if (!Array.isArray(blocks)) return { error: 'invalid_blocks_format', messages: [] };
  const report = newReport('message', options);
  listOf(block, MAX_MESSAGE_BLOCKS, 0)(blocks, '/blocks', report);
  checkIds(blocks, report);
  return invalid(report) ?? checkTogether(blocks);
}

const viewCommon: Record<string, Check> = {
  private_metadata: string(3_000, 0),
  callback_id: string(255, 0),
  external_id: string(255, 0),
};
const title = plainText(24);
const MODAL = object(
  { type: anything, title, blocks: listOf(block, MAX_VIEW_BLOCKS, 0) },
  { ...viewCommon, close: title, submit: title, clear_on_close: flag, notify_on_close: flag, submit_disabled: flag },
);
const HOME = object({ type: anything, blocks: listOf(block, MAX_VIEW_BLOCKS, 0) }, viewCommon);

/** A modal or Home tab. */
export function checkView(view: unknown, options: LimitOptions = {}): Verdict | undefined {
  if (!isObject(view)) return { error: 'invalid_arguments', messages: ['[ERROR] missing required field: view'] };
  const type = view.type;
  if ((type !== 'modal' && type !== 'home') || (options.expect && type !== options.expect)) {
    return {
      error: 'invalid_arguments',
      messages: [`[ERROR] unsupported view type: ${String(type)} [json-pointer:/view/type]`],
    };
  }
  if (Buffer.byteLength(JSON.stringify(view)) > MAX_VIEW_BYTES) return { error: 'view_too_large', messages: [] };
  const report = newReport(type, options);
  (type === 'modal' ? MODAL : HOME)(view, '/view', report);
  checkIds(view.blocks, report);
  const hasInput = Array.isArray(view.blocks) && view.blocks.some((b) => isObject(b) && b.type === 'input');
  if (type === 'modal' && hasInput && !view.submit)
    say(report, '/view', 'submit is required when an input block is within the blocks array');
  return invalid(report, 'invalid_arguments');
}

const RESPONSE_FIELDS = object(
  {},
  {
    text: string(undefined, 0),
    blocks: anything,
    attachments: anything,
    response_type: oneOf('ephemeral', 'in_channel'),
    replace_original: flag,
    delete_original: flag,
    thread_ts: string(),
    mrkdwn: flag,
    metadata: anything,
    unfurl_links: flag,
    unfurl_media: flag,
    parse: string(),
    link_names: anything,
  },
);

/** The fields of a response-URL body or of a command's ack; content is checked by `checkMessage`. */
export function checkResponseBody(body: Fields): Verdict | undefined {
  const report = newReport('message', {});
  RESPONSE_FIELDS(body, '', report);
  return invalid(report, 'invalid_payload');
}

/** The ack of a view submission: nothing, or one of four `response_action`s. */
export function checkViewResponse(body: unknown, options: LimitOptions = {}): Verdict | undefined {
  if (body === undefined || (isObject(body) && Object.keys(body).length === 0)) return undefined;
  const wrong = (message: string): Verdict => ({ error: 'invalid_response', messages: [`[ERROR] ${message}`] });
  if (!isObject(body)) return wrong('must provide an object');
  const extra = (...known: string[]) => Object.keys(body).find((key) => !['response_action', ...known].includes(key));
  switch (body.response_action) {
    case 'clear':
      return extra() ? wrong(`invalid additional property: ${extra()}`) : undefined;
    case 'update':
    case 'push':
      return extra('view')
        ? wrong(`invalid additional property: ${extra('view')}`)
        : checkView(body.view, { ...options, expect: 'modal' });
    case 'errors': {
      const { errors } = body;
      const proper =
        isObject(errors) &&
        Object.keys(errors).length > 0 &&
        Object.values(errors).every((e) => typeof e === 'string' && e !== '');
      return proper && !extra('errors') ? undefined : wrong('errors must map block_ids to messages');
    }
    default:
      return wrong(`unknown response_action: ${String(body.response_action)}`);
  }
}

/** Message metadata: a name and a flat object. */
export function checkMetadata(metadata: unknown): Verdict | undefined {
  if (!isObject(metadata)) return { error: 'invalid_metadata_format', messages: [] };
  const { event_type, event_payload, ...extra } = metadata;
  const flat = isObject(event_payload) && Object.values(event_payload).every((v) => !isObject(v));
  const proper =
    typeof event_type === 'string' &&
    event_type !== '' &&
    flat &&
    Object.keys(extra).every((key) => key === 'entities');
  return proper ? undefined : { error: 'invalid_metadata_schema', messages: [] };
}
