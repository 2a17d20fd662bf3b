import type { JobDefinition } from '../src/job.ts';
import { refreshCatalogue } from './refresh-catalogue.ts';

/** Every job of the worker. A job that is taken out here loses its scheduler at the worker's next start. */
export const jobs: readonly JobDefinition[] = [refreshCatalogue];
