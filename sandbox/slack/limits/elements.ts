import {
  all,
  anything,
  byType,
  type Check,
  flag,
  isObject,
  listOf,
  number,
  object,
  oneOf,
  pattern,
  rule,
  say,
  string,
} from './check.ts';
import * as parts from './objects.ts';
import { richText } from './rich-text.ts';

/** Interactive elements and the image element, each with the limits of the Block Kit reference. */

const id = string(255);
const style = oneOf('primary', 'danger');
const actionable = { action_id: id };
const confirmable = { ...actionable, confirm: parts.confirm };
const chooser = { ...confirmable, focus_on_load: flag, placeholder: parts.plainText(150) };
const typing = {
  ...actionable,
  focus_on_load: flag,
  placeholder: parts.plainText(150),
  dispatch_action_config: parts.dispatchConfig,
};
const type = anything;
const MAX_OPTIONS = 100;

const optionsOrGroups = rule(
  (select) => (select.options === undefined) !== (select.option_groups === undefined),
  'must provide exactly one of: options, option_groups',
);

/** What is chosen at first must be one of the options, to the letter. */
const initialIsOption: Check = (value, pointer, report) => {
  if (!isObject(value)) return;
  const grouped = Array.isArray(value.option_groups)
    ? value.option_groups.flatMap((g) => (isObject(g) ? g.options : []))
    : [];
  const offered = (Array.isArray(value.options) ? value.options : grouped).map((o) =>
    isObject(o) ? o.value : undefined,
  );
  const wanted = [value.initial_option, ...(Array.isArray(value.initial_options) ? value.initial_options : [])].filter(
    isObject,
  );
  for (const { value: initial } of wanted) {
    if (!offered.includes(initial)) say(report, pointer, `initial option not among the options: ${String(initial)}`);
  }
};

const choices = { options: listOf(parts.option(), MAX_OPTIONS), option_groups: listOf(parts.optionGroup, MAX_OPTIONS) };
const many = { max_selected_items: number(1) };
const conversations = { default_to_current_conversation: flag, filter: parts.conversationFilter };
const date = pattern(/^\d{4}-\d{2}-\d{2}$/, 'must be a date: YYYY-MM-DD');
const time = pattern(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time: HH:mm');
const boxOptions = listOf(parts.option(parts.anyText), 10);
const ids = listOf(string());

const ELEMENTS: Record<string, Check> = {
  button: object(
    { type, text: parts.plainText(75) },
    { ...confirmable, value: string(2_000), url: parts.url(), style, accessibility_label: string(75) },
  ),
  image: all(object({ type, alt_text: string(2_000) }, parts.imageSource), parts.oneImageSource),
  overflow: object({ type, options: listOf(parts.overflowOption, 5) }, confirmable),
  checkboxes: all(
    object({ type, options: boxOptions }, { ...confirmable, focus_on_load: flag, initial_options: boxOptions }),
    initialIsOption,
  ),
  radio_buttons: all(
    object(
      { type, options: boxOptions },
      { ...confirmable, focus_on_load: flag, initial_option: parts.option(parts.anyText) },
    ),
    initialIsOption,
  ),
  static_select: all(
    object({ type }, { ...chooser, ...choices, initial_option: parts.option() }),
    optionsOrGroups,
    initialIsOption,
  ),
  multi_static_select: all(
    object({ type }, { ...chooser, ...choices, ...many, initial_options: listOf(parts.option(), MAX_OPTIONS) }),
    optionsOrGroups,
    initialIsOption,
  ),
  external_select: object({ type }, { ...chooser, initial_option: parts.option(), min_query_length: number(0) }),
  multi_external_select: object(
    { type },
    { ...chooser, ...many, initial_options: listOf(parts.option(), MAX_OPTIONS), min_query_length: number(0) },
  ),
  users_select: object({ type }, { ...chooser, initial_user: string() }),
  multi_users_select: object({ type }, { ...chooser, ...many, initial_users: ids }),
  conversations_select: object(
    { type },
    { ...chooser, ...conversations, initial_conversation: string(), response_url_enabled: flag },
  ),
  multi_conversations_select: object({ type }, { ...chooser, ...many, ...conversations, initial_conversations: ids }),
  channels_select: object({ type }, { ...chooser, initial_channel: string(), response_url_enabled: flag }),
  multi_channels_select: object({ type }, { ...chooser, ...many, initial_channels: ids }),
  datepicker: object({ type }, { ...chooser, initial_date: date }),
  timepicker: object({ type }, { ...chooser, initial_time: time, timezone: string() }),
  datetimepicker: object(
    { type },
    { ...confirmable, focus_on_load: flag, initial_date_time: number(1_000_000_000, 9_999_999_999) },
  ),
  plain_text_input: object(
    { type },
    {
      ...typing,
      initial_value: string(3_000),
      multiline: flag,
      min_length: number(0, 3_000),
      max_length: number(1, 3_000),
    },
  ),
  email_text_input: object({ type }, { ...typing, initial_value: string() }),
  url_text_input: object({ type }, { ...typing, initial_value: string() }),
  number_input: object(
    { type, is_decimal_allowed: flag },
    { ...typing, initial_value: string(), min_value: string(), max_value: string() },
  ),
  rich_text_input: object(
    { type },
    { ...typing, initial_value: richText, min_lines: number(1, 100), max_lines: number(1, 100) },
  ),
  file_input: object({ type }, { ...actionable, filetypes: listOf(string()), max_files: number(1, 10) }),
  workflow_button: object(
    { type, text: parts.plainText(75), workflow: anything },
    { ...confirmable, style, accessibility_label: string(75) },
  ),
  feedback_buttons: object({ type, positive_button: feedback(), negative_button: feedback() }, actionable),
  icon_button: object(
    { type, icon: oneOf('trash'), text: parts.plainText(75) },
    { ...confirmable, value: string(2_000), accessibility_label: string(75), visible_to_user_ids: ids },
  ),
};

function feedback(): Check {
  return object({ text: parts.plainText(75), value: string(2_000) }, { accessibility_label: string(75) });
}

const only = (...types: readonly string[]): Check =>
  byType(Object.fromEntries(types.map((name) => [name, ELEMENTS[name] as Check])));

const SELECTS = ['static', 'external', 'users', 'conversations', 'channels'].flatMap((s) => [
  `${s}_select`,
  `multi_${s}_select`,
]);

/** A section's element on the right. */
export const accessory = only(
  'button',
  'image',
  'overflow',
  'checkboxes',
  'radio_buttons',
  'datepicker',
  'timepicker',
  'workflow_button',
  ...SELECTS,
);

/** An element of an actions block. */
export const action = only(
  ...[
    'button',
    'overflow',
    'checkboxes',
    'radio_buttons',
    'datepicker',
    'timepicker',
    'datetimepicker',
    'workflow_button',
    'rich_text_input',
  ],
  ...SELECTS,
);

/** The element of an input block. */
export const input = only(
  ...[
    'checkboxes',
    'radio_buttons',
    'datepicker',
    'timepicker',
    'datetimepicker',
    'plain_text_input',
    'email_text_input',
    'url_text_input',
  ],
  ...['number_input', 'rich_text_input', 'file_input'],
  ...SELECTS,
);

export const button = only('button');
export const image = only('image');
export const feedbackOrIcon = only('feedback_buttons', 'icon_button');
