import { anything, byType, type Check, flag, listOf, number, object, oneOf, string } from './check.ts';

const type = anything;
const style = object(
  {},
  {
    bold: flag,
    italic: flag,
    strike: flag,
    code: flag,
    underline: flag,
    highlight: flag,
    client_highlight: flag,
    unlink: flag,
  },
);
const styled = { style };

const LEAVES: Record<string, Check> = {
  text: object({ type, text: string() }, styled),
  link: object({ type, url: string(3_000) }, { ...styled, text: string(Number.POSITIVE_INFINITY, 0), unsafe: flag }),
  emoji: object({ type, name: string() }, { ...styled, unicode: string(), url: string() }),
  user: object({ type, user_id: string() }, styled),
  usergroup: object({ type, usergroup_id: string() }, styled),
  channel: object({ type, channel_id: string() }, styled),
  team: object({ type, team_id: string() }, styled),
  broadcast: object({ type, range: oneOf('here', 'channel', 'everyone') }, styled),
  date: object({ type, timestamp: number(), format: string() }, { ...styled, url: string(), fallback: string() }),
  color: object({ type, value: string() }, styled),
};

const leaves = listOf(byType(LEAVES), Number.POSITIVE_INFINITY, 0);
const border = oneOf(0, 1);
const section = object({ type, elements: leaves });

const PARTS: Record<string, Check> = {
  rich_text_section: section,
  rich_text_list: object(
    { type, style: oneOf('bullet', 'ordered'), elements: listOf(byType({ rich_text_section: section })) },
    { indent: number(0, 8), offset: number(0), border },
  ),
  rich_text_quote: object({ type, elements: leaves }, { border }),
  rich_text_preformatted: object(
    {
      type,
      elements: listOf(byType({ text: LEAVES.text as Check, link: LEAVES.link as Check }), Number.POSITIVE_INFINITY, 0),
    },
    { border, language: string() },
  ),
};

/** A rich_text block, on its own or inside a table cell, task or container title. */
export const richText = object(
  { type: oneOf('rich_text'), elements: listOf(byType(PARTS), Number.POSITIVE_INFINITY, 0) },
  { block_id: string(255) },
);
