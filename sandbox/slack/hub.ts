import { createFaults, type Faults } from './faults.ts';
import { createRateLimits, type RateLimits } from './rates.ts';
import type { Settings } from './settings.ts';
import { createTriggers, type Triggers } from './triggers.ts';
import type { Call, Workspace } from './types.ts';
import { createWorkspace } from './workspace.ts';

/** What may be done once with a response URL, and until when. */
export interface ResponseUrl {
  id: string;
  user: string;
  channel: string;
  createdAt: number;
  uses: number;
  /** The message whose button was pressed; absent for a slash command or modal. */
  sourceTs?: string;
  threadTs?: string;
}

/** Everything the parts of the local Slack share. One per server; nothing is global. */
export interface Hub {
  settings: Settings;
  workspace: Workspace;
  calls: Call[];
  faults: Faults;
  rates: RateLimits;
  triggers: Triggers;
  responseUrls: Map<string, ResponseUrl>;
  /** Origin of the HTTP server, without a slash at the end; known once it listens. */
  origin: string;
  /** Tells everybody who waits or watches that something changed. */
  changed(): void;
  onChange(listener: () => void): () => void;
  /** The next message timestamp: `seconds.micros`, never the same twice. */
  nextTs(): string;
  newId(prefix: string): string;
}

/** Wires an empty hub. */
export function createHub(settings: Settings): Hub {
  const listeners = new Set<() => void>();
  let lastMicros = 0;
  let counter = 0;
  return {
    settings,
    workspace: createWorkspace(settings.app.name),
    calls: [],
    faults: createFaults(),
    rates: createRateLimits({ postsPerMinute: settings.postsPerMinute }),
    triggers: createTriggers(settings.now),
    responseUrls: new Map(),
    origin: '',
    changed: () => {
      for (const listener of [...listeners]) listener();
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    nextTs: () => {
      lastMicros = Math.max(lastMicros + 1, settings.now() * 1_000);
      return `${Math.floor(lastMicros / 1_000_000)}.${String(lastMicros % 1_000_000).padStart(6, '0')}`;
    },
    newId: (prefix) => {
      counter += 1;
      return `${prefix}${counter.toString(36).toUpperCase().padStart(8, '0')}`;
    },
  };
}

/** Appends to the log of traffic and tells those who wait for it. */
export function record(hub: Hub, call: Call): void {
  hub.calls.push(call);
  hub.settings.onLog(
    call.kind === 'api' ? { event: call.method, ms: call.ms, ok: call.answer.ok } : { event: call.kind, at: call.at },
  );
  hub.changed();
}
