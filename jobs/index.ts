import type { JobDefinition } from '../src/job.ts';
import { digest } from './digest.ts';
import { recordCompliance } from './record-compliance.ts';
import { refreshCatalogue } from './refresh-catalogue.ts';
import { sweepDigests } from './sweep-digests.ts';

/** Every job of the worker. A job that is taken out here loses its schedules at the worker's next start. */
export const jobs: readonly JobDefinition[] = [refreshCatalogue, recordCompliance, digest, sweepDigests];
