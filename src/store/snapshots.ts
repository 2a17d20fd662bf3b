import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import type { Redis } from 'ioredis';
import { DAY_MS } from '../core/local-time.ts';
import type { EstateSnapshot, TeamSnapshot } from '../core/snapshot.ts';
import type { Snapshots } from '../ports.ts';
import type { Keys } from './keys.ts';

const deflated = promisify(deflate);
const inflated = promisify(inflate);

/** A pass that nobody repeats is forgotten after this time, in milliseconds: its configuration is no longer in use. */
const FORGOTTEN_MS = 35 * DAY_MS;

const ESTATE = 'estate';
const fieldOf = (team: string) => `team:${team}`;

/** The last pass over Azure in this process alone: for a terminal without Redis, and while Redis is away. */
export class LocalSnapshots implements Snapshots {
  #estate: EstateSnapshot | undefined;
  #teams: ReadonlyMap<string, TeamSnapshot> = new Map();

  keep(estate: EstateSnapshot, teams: readonly TeamSnapshot[]): Promise<void> {
    this.#estate = estate;
    this.#teams = new Map(teams.map((team) => [team.team, team]));
    return Promise.resolve();
  }

  estate(): Promise<EstateSnapshot | undefined> {
    return Promise.resolve(this.#estate);
  }

  team(name: string): Promise<TeamSnapshot | undefined> {
    return Promise.resolve(this.#teams.get(name));
  }

  teams(names: readonly string[]): Promise<readonly TeamSnapshot[]> {
    return Promise.resolve(names.flatMap((name) => this.#teams.get(name) ?? []));
  }
}

/**
 * The last pass over Azure for all processes of one configuration: a hash with the estate and each team in a field of its
 * own, so that a digest loads its team alone. A pass takes the place of the one before as a whole.
 */
export class SharedSnapshots implements Snapshots {
  readonly #redis: Redis;
  readonly #key: string;
  readonly #keepsToItself: boolean;
  /** What could not be handed to Redis. */
  #local = new LocalSnapshots();

  /**
   * @param scope Tells configurations apart, as in SharedAnswers.
   * @param options.keepsToItself Reads what others keep and keeps its own in this process: a pass made with another
   *   identity must not stand for the installation's.
   */
  constructor(redis: Redis, keys: Keys, scope: string, options: { readonly keepsToItself?: boolean } = {}) {
    this.#redis = redis;
    this.#key = keys.snapshots(scope);
    this.#keepsToItself = options.keepsToItself ?? false;
  }

  async keep(estate: EstateSnapshot, teams: readonly TeamSnapshot[]): Promise<void> {
    if (this.#keepsToItself) return this.#local.keep(estate, teams);
    const fields = new Map<string, Buffer>([[ESTATE, await packed(estate)]]);
    for (const team of teams) fields.set(fieldOf(team.team), await packed(team));
    try {
      const results = await this.#redis
        .multi()
        .del(this.#key)
        .hset(this.#key, fields)
        .pexpire(this.#key, FORGOTTEN_MS)
        .exec();
      const failed = results?.find(([error]) => error)?.[0];
      if (failed) throw failed;
      this.#local = new LocalSnapshots();
    } catch {
      await this.#local.keep(estate, teams);
    }
  }

  async estate(): Promise<EstateSnapshot | undefined> {
    const [shared] = (await this.#read([ESTATE])) as (EstateSnapshot | undefined)[];
    return newer(shared, await this.#local.estate());
  }

  async team(name: string): Promise<TeamSnapshot | undefined> {
    const [team] = await this.teams([name]);
    return team;
  }

  async teams(names: readonly string[]): Promise<readonly TeamSnapshot[]> {
    const shared = (await this.#read(names.map(fieldOf))) as (TeamSnapshot | undefined)[];
    const local = await Promise.all(names.map((name) => this.#local.team(name)));
    return names.flatMap((_, index) => newer(shared[index], local[index]) ?? []);
  }

  /** Nothing of what Redis does not answer for. */
  async #read(fields: readonly string[]): Promise<unknown[]> {
    if (fields.length === 0) return [];
    const values = await this.#redis.hmgetBuffer(this.#key, ...fields).catch(() => []);
    return Promise.all(values.map(unpacked));
  }
}

/** Another process may have made a newer pass than the one that was kept here while Redis was away. */
function newer<T extends { readonly asOfMs: number }>(shared: T | undefined, local: T | undefined): T | undefined {
  return local !== undefined && local.asOfMs > (shared?.asOfMs ?? Number.NEGATIVE_INFINITY) ? local : shared;
}

async function packed(value: unknown): Promise<Buffer> {
  return deflated(JSON.stringify(value));
}

async function unpacked(value: Buffer | null): Promise<unknown> {
  return value === null ? undefined : JSON.parse((await inflated(value)).toString('utf8'));
}
