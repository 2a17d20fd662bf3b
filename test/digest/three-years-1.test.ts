import { test } from '@jest/globals';
import { testRedis } from '../support/redis.ts';
import { liveThreeYears, TEAMS } from './three-years.ts';

// In two files, so that both processors have their part of it.
const redis = testRedis();

test('given the first half of 500 teams in every zone with changing clocks, when three years pass, then each has one digest a week', async () => {
  await liveThreeYears(redis, { from: 0, to: TEAMS / 2 });
}, 600_000);
