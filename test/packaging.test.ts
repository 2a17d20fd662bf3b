import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { VARIABLES } from '../src/config/variables.ts';

const run = promisify(execFile);
const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

describe('docker-compose.yml', () => {
  interface Service {
    command: string[];
    depends_on?: object;
    healthcheck: { test: string[] };
    ports?: unknown;
  }
  const { services } = parse(read('docker-compose.yml'), { merge: true }) as { services: Record<string, Service> };

  test('it runs the bot, the worker and Redis', () => {
    expect(Object.keys(services).toSorted()).toEqual(['bot', 'redis', 'worker']);
    expect([services.bot?.command, services.worker?.command]).toEqual([['bot'], ['worker']]);
  });

  test.each(Object.entries(services))('%s comes back after a crash and says how it is', (_name, service) => {
    expect(service).toMatchObject({ restart: 'unless-stopped', healthcheck: { test: expect.anything() } });
  });

  test.each(Object.entries(services))('%s may do little, and nobody outside reaches it', (_name, service) => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
    expect(service.ports).toBeUndefined();
  });

  test.each(['bot', 'worker'])('%s waits for Redis, takes secrets from .env and cannot change its settings', (name) => {
    expect(services[name]).toMatchObject({
      depends_on: { redis: { condition: 'service_healthy' } },
      env_file: '.env',
      environment: { REDIS_URL: 'redis://redis:6379' },
      volumes: [{ source: './golden.yml', target: '/app/golden.yml', read_only: true }],
    });
  });

  test('Redis has every write on disk, evicts nothing, keeps its data and is not root', () => {
    expect(services.redis).toMatchObject({ user: 'redis', volumes: ['redis-data:/data'] });
    expect(services.redis?.command.join(' ')).toBe(
      'redis-server --appendonly yes --appendfsync always --maxmemory-policy noeviction',
    );
  });
});

describe('Dockerfile', () => {
  const instructions = read('Dockerfile')
    .split('\n')
    .filter((line) => /^[A-Z]/.test(line));
  const image = instructions.slice(instructions.findLastIndex((line) => line.startsWith('FROM')));

  test('it is made of Node 24 and of what production needs', () => {
    expect(instructions[0]).toBe('ARG NODE_IMAGE=node:24-slim');
    expect(instructions.find((line) => line.startsWith('RUN'))).toContain('npm ci --omit=dev --ignore-scripts');
  });

  test('it holds what ships and no more', () => {
    const copied = image.filter((line) => line.startsWith('COPY') && !line.includes('--from')).join(' ');
    expect(copied.match(/\b(?:src|commands|jobs|bin)\b(?= \.)/g)?.toSorted()).toEqual([
      'bin',
      'commands',
      'jobs',
      'src',
    ]);
    expect(copied).not.toMatch(/COPY \.|sandbox|test|\.env/);
  });

  test('nothing is written once it is no longer root', () => {
    expect(image.slice(image.indexOf('USER node')).filter((line) => /^(COPY|RUN|USER root)/.test(line))).toEqual([]);
    expect(image).toContain('USER node');
  });

  test('it runs Golden, whole unless told otherwise, and can be asked how it is', () => {
    expect(image.slice(-3)).toEqual([
      expect.stringMatching(/^HEALTHCHECK .*CMD \["node", "\/app\/bin\/health\.js"\]$/),
      'ENTRYPOINT ["node", "/app/src/golden.ts"]',
      'CMD ["all"]',
    ]);
  });

  test('its build sees no secret: .dockerignore lets in by name', () => {
    const [first, ...rest] = read('.dockerignore')
      .split('\n')
      .filter((line) => line && !line.startsWith('#'));
    expect(first).toBe('*');
    expect(rest).toEqual(['!package.json', '!package-lock.json', '!LICENSE', '!bin', '!src', '!commands', '!jobs']);
  });
});

describe('bin/health.js', () => {
  const check = (port: number) =>
    run(process.execPath, [fileURLToPath(new URL('../bin/health.js', import.meta.url))], {
      env: { ...process.env, HEALTH_PORT: String(port) },
    });

  test.each([
    [200, 'resolves'],
    [503, 'rejects'],
  ] as const)('given a process that answers %i, then the check %s', async (status, how) => {
    const server = createServer((request, response) => {
      response.writeHead(request.url === '/healthz' ? status : 404).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const checked = check((server.address() as AddressInfo).port);
    await (how === 'resolves'
      ? expect(checked).resolves.toBeDefined()
      : expect(checked).rejects.toMatchObject({ code: 1 }));
    server.close();
  });

  test('given nobody at the port, then the check fails and says so', async () => {
    await expect(check(1)).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(/^unhealthy: .*\n$/) });
  });
});

describe('.env.example', () => {
  const lines = read('.env.example')
    .split('\n')
    .flatMap((line) => line.match(/^(?:# )?([A-Z_]+)=(.*)$/)?.slice(1, 3) ?? []);
  const variables = Object.fromEntries(lines.flatMap((text, i) => (i % 2 === 0 ? [[text, lines[i + 1] ?? '']] : [])));

  test('every variable in it is one that Golden, or its Azure library, reads', () => {
    const azure = ['AZURE_TENANT_ID', 'AZURE_CLIENT_ID', 'AZURE_CLIENT_SECRET'];
    expect(Object.keys(variables).filter((name) => ![...VARIABLES, ...azure].includes(name))).toEqual([]);
    expect(variables).toHaveProperty('SLACK_BOT_TOKEN');
  });

  test('it holds no secret, not even a made-up one', () => {
    const secrets = Object.entries(variables).filter(([name]) => /TOKEN|SECRET/.test(name));
    expect(secrets.filter(([, value]) => value !== '')).toEqual([]);
  });
});

describe('what npm installs', () => {
  const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;

  test('every version is exact, so that a build of today is the build of next year', () => {
    const versions = ['dependencies', 'devDependencies', 'overrides'].flatMap((part) =>
      Object.entries(manifest[part] ?? {}),
    );
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  test('the lockfile names no registry: it works behind any mirror', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, { resolved?: string }> };
    expect(Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });

  test('Node is the same for nvm, engines and the pinned one', () => {
    const pinned = manifest.devDependencies?.node?.split('.')[0];
    expect([read('.nvmrc').trim(), manifest.engines?.node]).toEqual([pinned, `>=${pinned}`]);
  });
});
