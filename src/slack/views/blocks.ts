import type {
  ActionsBlock,
  Button,
  ContextBlock,
  HeaderBlock,
  KnownBlock,
  RichTextBlock,
  RichTextElement,
  RichTextSection,
  RichTextText,
  SectionBlock,
  StaticSelect,
} from '@slack/types';
import { plain } from '../escape.ts';
import { MAX_BUTTON_VALUE } from './asks.ts';

/** Slack takes 3,000, but the message has a budget. */
const MAX_URL = 1500;

/**
 * The few blocks our messages are made of. Each takes foreign text and puts it where Slack parses nothing; only `ours` takes
 * mrkdwn, and only what this repository wrote itself. Limits: https://docs.slack.dev/reference/block-kit/blocks
 */

/** A heading. */
export function header(text: string): HeaderBlock {
  return { type: 'header', text: { type: 'plain_text', text: plain(text, 150), emoji: false } };
}

/** A paragraph of foreign text, optionally with a button beside it. */
export function paragraph(text: string, accessory?: Button): SectionBlock {
  return {
    type: 'section',
    text: { type: 'plain_text', text: plain(text, 3000), emoji: false },
    ...(accessory && { accessory }),
  };
}

/** Small print of foreign text. */
export function note(text: string): ContextBlock {
  return { type: 'context', elements: [{ type: 'plain_text', text: plain(text, 1000), emoji: false }] };
}

/** Small print in mrkdwn: for our own words only, never for foreign text. */
export function ours(text: string): ContextBlock {
  return { type: 'context', elements: [{ type: 'mrkdwn', text, verbatim: true }] };
}

/** A paragraph in mrkdwn: for our own words and mentions only, never for foreign text. */
export function oursAloud(text: string): SectionBlock {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
}

/** A rich text leaf; foreign text is safe in it. */
export function leaf(text: string, limit: number, style?: RichTextText['style']): RichTextText {
  return { type: 'text', text: plain(text, limit), ...(style && { style }) };
}

/** Our own words as a leaf, spaces and line breaks kept. */
export function words(text: string, style?: RichTextText['style']): RichTextText {
  return { type: 'text', text, ...(style && { style }) };
}

/** A line or two of rich text. */
export function line(...elements: RichTextElement[]): RichTextSection {
  return { type: 'rich_text_section', elements };
}

/** Rich text of paragraphs. */
export function rich(...elements: RichTextBlock['elements']): RichTextBlock {
  return { type: 'rich_text', elements };
}

/** A bulleted list under a bold title, or under none where it goes on from the block above. */
export function bullets(title: string | undefined, items: readonly RichTextSection[]): RichTextBlock {
  return rich(...(title === undefined ? [] : [line(words(title, { bold: true }))]), {
    type: 'rich_text_list',
    style: 'bullet',
    elements: [...items],
  });
}

/** Text in columns: every character as wide as the others. */
export function columns(text: string): RichTextBlock {
  return rich({ type: 'rich_text_preformatted', elements: [words(text)] });
}

/**
 * A button whose label says what it does; none where there are no words behind it, or more than anything real has.
 *
 * @param label What a screen reader says where the text alone is too short.
 */
export function button(text: string, action: string, value: string, label?: string): Button | undefined {
  return value === '' || value.length > MAX_BUTTON_VALUE ? undefined : { ...labelled(text, action, label), value };
}

/** A button that opens a page; none where the address is longer than anything real. */
export function link(text: string, action: string, url: string, label?: string): Button | undefined {
  return url.length > MAX_URL ? undefined : { ...labelled(text, action, label), url };
}

function labelled(text: string, action: string, label: string | undefined): Button {
  return {
    type: 'button',
    text: { type: 'plain_text', text: plain(text, 75), emoji: false },
    action_id: action,
    ...(label && { accessibility_label: plain(label, 75) }),
  };
}

/** A menu; each option's value is what is asked when it is chosen. */
export function menu(
  placeholder: string,
  action: string,
  options: readonly { readonly text: string; readonly value: string }[],
  chosen?: string,
): StaticSelect {
  const made = options.map(({ text, value }) => ({
    text: { type: 'plain_text' as const, text: plain(text, 75), emoji: false },
    value,
  }));
  const initial = made.find(({ value }) => value === chosen);
  return {
    type: 'static_select',
    action_id: action,
    placeholder: { type: 'plain_text', text: plain(placeholder, 150), emoji: false },
    options: made,
    ...(initial && { initial_option: initial }),
  };
}

/** A row of buttons and menus; none at all is no block. */
export function actions(elements: readonly (ActionsBlock['elements'][number] | undefined)[]): readonly KnownBlock[] {
  const given = elements.filter((element) => element !== undefined);
  return given.length === 0 ? [] : [{ type: 'actions', elements: given.slice(0, 25) }];
}

/** An instant in the reader's own time zone; a mrkdwn text of ours, or ISO where Slack cannot tell. */
export function instant(date: Date): string {
  return `<!date^${Math.floor(date.getTime() / 1000)}^{date_short_pretty} at {time}|${minute(date)}>`;
}

/** An instant to the minute in UTC, for where Slack does not format dates. */
export function minute(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
