import { randomBytes } from 'node:crypto';

const TRIGGER_LIFE_MS = 3_000;

/** What a trigger was given for: who acted, and on which modal if on one. */
export interface Trigger {
  user: string;
  viewId?: string;
}

/** Trigger ids open a modal once, within three seconds of what the user did. */
export interface Triggers {
  issue(trigger: Trigger): string;
  /** Uses the trigger up; a string is the error Slack answers. */
  redeem(id: unknown): Trigger | 'invalid_trigger_id' | 'expired_trigger_id' | 'exchanged_trigger_id';
}

/** A register of triggers by the given clock. */
export function createTriggers(now: () => number): Triggers {
  const issued = new Map<string, Trigger & { at: number; used: boolean }>();
  return {
    issue: (trigger) => {
      const at = now();
      const id = `${at}.${issued.size + 1}.${randomBytes(16).toString('hex')}`;
      issued.set(id, { ...trigger, at, used: false });
      return id;
    },
    redeem: (id) => {
      const trigger = typeof id === 'string' ? issued.get(id) : undefined;
      if (!trigger) return 'invalid_trigger_id';
      if (trigger.used) return 'exchanged_trigger_id';
      if (now() - trigger.at > TRIGGER_LIFE_MS) return 'expired_trigger_id';
      trigger.used = true;
      return trigger;
    },
  };
}
