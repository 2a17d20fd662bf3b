export { type SlackConnection, startSlack } from './connection.ts';
export type { Logger, Once, SlackDeps, SlackMetrics } from './ports.ts';
