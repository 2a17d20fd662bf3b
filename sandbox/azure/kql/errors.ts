/** One entry of `error.details` in the body of a refused query. */
export interface QueryErrorDetail {
  code: string;
  message: string;
  line?: number;
  characterPositionInLine?: number;
  token?: string;
  expectedToken?: string;
}

/**
 * A query that Resource Graph would refuse. `details` goes behind the `InvalidQuery` entry of the
 * error body; the codes are those that the service is known to send.
 */
export class QueryError extends Error {
  readonly details: readonly QueryErrorDetail[];

  constructor(details: readonly QueryErrorDetail[]) {
    super(details.map((detail) => `${detail.code}: ${detail.message}`).join('; '));
    this.name = 'QueryError';
    this.details = details;
  }
}

/** A refusal with a single reason. */
export function refuse(code: string, message: string): never {
  throw new QueryError([{ code, message }]);
}
