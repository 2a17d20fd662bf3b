/** What is configured, and the way to read it; everybody else imports from here. */
export { ConfigError, type Fault, faultText } from './config/faults.ts';
export { loadConfig, type Need, type Needs } from './config/load.ts';
export type * from './config/settings.ts';
