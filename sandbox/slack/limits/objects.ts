import {
  all,
  anything,
  byType,
  type Check,
  flag,
  isObject,
  listOf,
  object,
  oneOf,
  pattern,
  rule,
  say,
  string,
} from './check.ts';

/** Composition objects: text, options, confirmation dialogs, image sources. Limits: docs.slack.dev, Block Kit reference. */

/** Plain text of at most `max` characters. */
export const plainText = (max: number): Check =>
  byType({ plain_text: object({ type: anything, text: string(max) }, { emoji: flag }) });

/** mrkdwn of at most `max` characters. */
export const mrkdwnText = (max: number): Check =>
  byType({ mrkdwn: object({ type: anything, text: string(max) }, { verbatim: flag }) });

/** Plain text or mrkdwn of at most `max` characters. */
export const anyText = (max: number): Check =>
  byType({
    plain_text: object({ type: anything, text: string(max) }, { emoji: flag }),
    mrkdwn: object({ type: anything, text: string(max) }, { verbatim: flag }),
  });

export const url = (max = 3_000): Check =>
  all(string(max), pattern(/^(https?|slack|mailto):/i, 'must provide a valid URL'));

export const confirm = object(
  { text: anyText(300) },
  { title: plainText(100), confirm: plainText(30), deny: plainText(30), style: oneOf('primary', 'danger') },
);

const OPTION_TEXT = 75;
const OPTION_VALUE = 150;

/** An option of a select (plain text) or of checkboxes and radio buttons (any text). */
export const option = (text: (max: number) => Check = plainText): Check =>
  object({ text: text(OPTION_TEXT), value: string(OPTION_VALUE) }, { description: text(OPTION_TEXT) });

export const overflowOption = object(
  { text: plainText(OPTION_TEXT), value: string(OPTION_VALUE) },
  { description: plainText(OPTION_TEXT), url: url() },
);

export const optionGroup = object({ label: plainText(OPTION_TEXT), options: listOf(option(), 100) });

export const conversationFilter = object(
  {},
  {
    include: listOf(oneOf('im', 'mpim', 'private', 'public')),
    exclude_external_shared_channels: flag,
    exclude_bot_users: flag,
  },
);

export const dispatchConfig = object({
  trigger_actions_on: listOf(oneOf('on_enter_pressed', 'on_character_entered'), 2),
});

const FILE_ID = /^F[A-Z0-9]{8,}$/;

/** A file already in Slack; one that is still being processed is refused just like one that is not there. */
export const slackFile: Check = (value, pointer, report) => {
  if (!isObject(value) || (value.id === undefined) === (value.url === undefined))
    return say(report, pointer, 'invalid slack file');
  const id = typeof value.id === 'string' ? value.id : String(value.url).split('/').at(-1);
  if (!id || !FILE_ID.test(id) || report.unreadyFile(id)) say(report, pointer, 'invalid slack file');
};

/** The fields by which an image is found: exactly one of URL and Slack file. */
export const imageSource = { image_url: url(), slack_file: slackFile };

export const oneImageSource = rule(
  (image) => (image.image_url === undefined) !== (image.slack_file === undefined),
  'must provide exactly one of: image_url, slack_file',
);
