export { openChat } from './chat.ts';
export { type SlackConnection, startSlack } from './connection.ts';
export { openPeople, type SlackPeople } from './people.ts';
export type { HomeTab, Logger, Once, SlackDeps, SlackMetrics } from './ports.ts';
