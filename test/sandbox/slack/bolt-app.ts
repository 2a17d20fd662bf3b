import { createServer } from 'node:net';
import { App, HTTPReceiver, LogLevel, SocketModeReceiver } from '@slack/bolt';
import { type LocalSlack, type SlackOptions, startSlack } from '../../../sandbox/slack/server.ts';

const quiet = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
};

/** A local Slack with the real Bolt connected to it; `await using` ends both. */
export interface Rig extends AsyncDisposable {
  slack: LocalSlack;
  app: App;
  /** HTTP mode: where Bolt listens. */
  port?: number;
}

/** One more Bolt app, connected to a local Slack that runs already: a second replica. */
export async function connect(slack: LocalSlack, wire: (app: App) => void): Promise<App> {
  const receiver = new SocketModeReceiver({
    appToken: slack.appToken,
    logger: quiet,
    // The receiver hands its socket client only these options, and ignores `clientOptions` beside them.
    installerOptions: { clientOptions: { slackApiUrl: slack.apiUrl } },
  });
  const app = new App({ token: slack.botToken, receiver, logger: quiet, clientOptions: { slackApiUrl: slack.apiUrl } });
  wire(app);
  await app.start();
  return app;
}

/** Starts a local Slack and a Bolt app in Socket Mode, listeners already registered by `wire`. */
export async function inSocketMode(wire: (app: App) => void, options: SlackOptions = {}): Promise<Rig> {
  const slack = await startSlack(options);
  const app = await connect(slack, wire);
  return { slack, app, [Symbol.asyncDispose]: () => end(slack, app) };
}

/** The same in HTTP mode, with signed requests. */
export async function inHttpMode(wire: (app: App) => void, options: SlackOptions = {}): Promise<Rig> {
  const slack = await startSlack(options);
  const receiver = new HTTPReceiver({ signingSecret: slack.signingSecret, logger: quiet });
  const app = new App({ token: slack.botToken, receiver, logger: quiet, clientOptions: { slackApiUrl: slack.apiUrl } });
  wire(app);
  const port = await freePort();
  await app.start({ port, host: '127.0.0.1' });
  slack.setRequestUrl(`http://127.0.0.1:${port}/slack/events`);
  return { slack, app, port, [Symbol.asyncDispose]: () => end(slack, app) };
}

async function end(slack: LocalSlack, app: App): Promise<void> {
  await app.stop();
  await slack.close();
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
