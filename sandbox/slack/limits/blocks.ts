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
  type Surface,
  say,
  string,
} from './check.ts';
import { accessory, action, button, feedbackOrIcon, image, input } from './elements.ts';
import * as parts from './objects.ts';
import { richText } from './rich-text.ts';
import { dataTable, dataVisualization, table } from './tables.ts';

const type = anything;
const common = { block_id: string(255) };

const taskCard = object(
  { type, task_id: string(), title: string(), status: oneOf('pending', 'in_progress', 'complete', 'error') },
  {
    ...common,
    details: richText,
    output: richText,
    sources: listOf(object({ type: oneOf('url'), url: parts.url(), text: string() }), undefined, 0),
  },
);

const card = all(
  object(
    { type },
    {
      ...common,
      hero_image: image,
      icon: image,
      title: parts.mrkdwnText(150),
      subtitle: parts.mrkdwnText(150),
      body: parts.mrkdwnText(200),
      actions: listOf(button, 2),
    },
  ),
  rule(
    (c) => [c.hero_image, c.title, c.actions, c.body].some((part) => part !== undefined),
    'must provide at least one of: hero_image, title, actions, body',
  ),
);

const SIMPLE: Record<string, Check> = {
  actions: object({ type, elements: listOf(action, 25) }, common),
  context: object(
    {
      type,
      elements: listOf(byType({ image, plain_text: parts.plainText(3_000), mrkdwn: parts.mrkdwnText(3_000) }), 10),
    },
    common,
  ),
  divider: object({ type }, common),
  file: object({ type, source: oneOf('remote'), external_id: string() }, common),
  header: object({ type, text: parts.plainText(150) }, common),
  image: all(
    object({ type, alt_text: string(2_000) }, { ...common, ...parts.imageSource, title: parts.plainText(2_000) }),
    parts.oneImageSource,
  ),
  input: object(
    { type, label: parts.plainText(2_000), element: input },
    { ...common, hint: parts.plainText(2_000), optional: flag, dispatch_action: flag },
  ),
  rich_text: richText,
  section: all(
    object(
      { type },
      { ...common, text: parts.anyText(3_000), fields: listOf(parts.anyText(2_000), 10), accessory, expand: flag },
    ),
    rule((s) => s.text !== undefined || s.fields !== undefined, 'missing required field: text'),
  ),
  table,
  video: object(
    {
      type,
      alt_text: string(),
      title: parts.plainText(199),
      thumbnail_url: parts.url(),
      video_url: pattern(/^https:/, 'must be an https URL'),
    },
    {
      ...common,
      title_url: parts.url(),
      author_name: string(49),
      provider_name: string(),
      provider_icon_url: parts.url(),
      description: parts.plainText(3_000),
    },
  ),
};

const CHILDREN = [
  'actions',
  'context',
  'divider',
  'file',
  'header',
  'image',
  'input',
  'rich_text',
  'section',
  'table',
  'video',
];

const container = all(
  object(
    {
      type,
      child_blocks: listOf(byType(Object.fromEntries(CHILDREN.map((name) => [name, SIMPLE[name] as Check]))), 10),
    },
    {
      ...common,
      title: parts.plainText(150),
      rich_text_title: richText,
      subtitle: parts.anyText(150),
      width: oneOf('narrow', 'standard', 'wide', 'full'),
      icon: image,
      is_collapsible: flag,
      default_collapsed: flag,
      has_header_divider: flag,
    },
  ),
  rule((c) => c.title !== undefined || c.rich_text_title !== undefined, 'missing required field: title'),
  rule((c) => c.default_collapsed !== true || c.is_collapsible === true, 'default_collapsed requires is_collapsible'),
);

const BLOCKS: Record<string, Check> = {
  ...SIMPLE,
  alert: object(
    { type, text: parts.anyText(3_000) },
    { ...common, level: oneOf('default', 'info', 'warning', 'error', 'success') },
  ),
  card,
  carousel: object({ type, elements: listOf(byType({ card }), 10) }, common),
  container,
  context_actions: object({ type, elements: listOf(feedbackOrIcon, 5) }, common),
  data_table: dataTable,
  data_visualization: dataVisualization,
  markdown: object({ type, text: string(12_000) }, common),
  task_card: taskCard,
  plan: object({ type, title: string() }, { ...common, tasks: listOf(byType({ task_card: taskCard }), undefined, 0) }),
};

const EVERYWHERE = ['actions', 'context', 'divider', 'header', 'image', 'input', 'rich_text', 'section', 'video'];
const MESSAGE_ONLY = ['container', 'context_actions', 'data_visualization', 'markdown', 'plan', 'task_card', 'file'];

/** Which blocks a surface takes; `table` on a Home tab is documented both ways and refused here, to be safe. */
const ALLOWED: Record<Surface, readonly string[]> = {
  message: [...EVERYWHERE, ...MESSAGE_ONLY, 'card', 'carousel', 'table', 'data_table'],
  modal: [...EVERYWHERE, 'alert', 'card'],
  home: [...EVERYWHERE, 'card', 'carousel', 'data_table'],
};

/** One block on the report's surface. */
export const block: Check = (value, pointer, report) => {
  const allowed = ALLOWED[report.surface].filter((name) => !report.refuse.includes(name));
  byType(Object.fromEntries(allowed.map((name) => [name, BLOCKS[name] as Check])))(value, pointer, report);
  if (isObject(value) && Array.isArray(value.child_blocks)) {
    value.child_blocks.forEach((child, index) => {
      if (isObject(child) && report.refuse.includes(String(child.type))) {
        say(report, `${pointer}/child_blocks/${index}/type`, `unsupported type: ${String(child.type)}`);
      }
    });
  }
};
