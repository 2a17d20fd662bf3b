import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Slack wants its acknowledgement within 3 s; we promise well under 1. */
const ACK_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3];
const COMMAND_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 45];

/** What a request to Azure Resource Graph came to. */
export interface ResourceGraphRequest {
  readonly ok: boolean;
  /** The HTTP status, or `timeout`, `unreadable` ... where there was none. */
  readonly status: string;
  readonly durationMs: number;
}

/** What is counted, in a registry of its own so that two processes in one test do not meet. */
export class Metrics {
  readonly #registry = new Registry();

  readonly #command = new Histogram({
    name: 'golden_command_seconds',
    help: 'From the command to its answer, by command and outcome',
    labelNames: ['command', 'outcome'],
    buckets: COMMAND_SECONDS,
    registers: [this.#registry],
  });
  readonly #ack = new Histogram({
    name: 'golden_ack_seconds',
    help: 'From the arrival of a command, action or event to its acknowledgement',
    buckets: ACK_SECONDS,
    registers: [this.#registry],
  });
  readonly #graphRequests = new Counter({
    name: 'golden_resource_graph_requests_total',
    help: 'Requests to Azure Resource Graph, pages and retries included, by outcome (an HTTP status, or why there was none)',
    labelNames: ['outcome'],
    registers: [this.#registry],
  });
  readonly #graphSeconds = new Histogram({
    name: 'golden_resource_graph_seconds',
    help: 'Duration of one request to Azure Resource Graph',
    buckets: COMMAND_SECONDS,
    registers: [this.#registry],
  });
  readonly #graphQuota = new Gauge({
    name: 'golden_resource_graph_quota_remaining',
    help: 'Requests that Azure Resource Graph still allows in the current window, as it said last',
    registers: [this.#registry],
  });
  readonly #answers = new Counter({
    name: 'golden_answers_total',
    help: 'Questions answered, by whether an answer was reused',
    labelNames: ['reused'],
    registers: [this.#registry],
  });
  readonly #jobs = new Counter({
    name: 'golden_jobs_total',
    help: 'Background jobs that ended, by job and outcome',
    labelNames: ['job', 'outcome'],
    registers: [this.#registry],
  });

  /** @param options.process Whether to report the process's own CPU, memory and event loop as well; it watches all the while. */
  constructor(options: { readonly process: boolean } = { process: true }) {
    if (options.process) collectDefaultMetrics({ register: this.#registry });
  }

  /** @param outcome `answered`, or the kind of error that it ended in. */
  commandAnswered(command: string, outcome: string, seconds: number): void {
    this.#command.observe({ command, outcome }, seconds);
  }

  acknowledged(seconds: number): void {
    this.#ack.observe(seconds);
  }

  resourceGraphAsked({ status, durationMs }: ResourceGraphRequest): void {
    this.#graphRequests.inc({ outcome: status === '200' ? 'ok' : status });
    this.#graphSeconds.observe(durationMs / 1000);
  }

  resourceGraphQuota(remaining: number): void {
    this.#graphQuota.set(remaining);
  }

  answered(reused: boolean): void {
    this.#answers.inc({ reused: String(reused) });
  }

  jobEnded(job: string, outcome: string): void {
    this.#jobs.inc({ job, outcome });
  }

  /** Everything in Prometheus' text format. */
  async text(): Promise<{ readonly contentType: string; readonly body: string }> {
    return { contentType: this.#registry.contentType, body: await this.#registry.metrics() };
  }
}
