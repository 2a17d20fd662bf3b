import { randomUUID } from 'node:crypto';

/** One entry of `error.details`. */
export interface ArmErrorDetail {
  code: string;
  message: string;
  [member: string]: unknown;
}

/** An answer in the shape of ARM's errors; whoever handles a request may throw it. */
export class ArmError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: readonly ArmErrorDetail[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    details?: readonly ArmErrorDetail[],
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'ArmError';
    this.status = status;
    this.code = code;
    this.details = details;
    this.headers = headers;
  }

  /** The body on the wire. */
  get body() {
    return { error: { code: this.code, message: this.message, ...(this.details && { details: this.details }) } };
  }
}

/** Resource Graph says what is wrong in the details; the outer message is for its support. */
export function graphError(
  status: number,
  code: string,
  details: readonly ArmErrorDetail[],
  headers?: Readonly<Record<string, string>>,
): ArmError {
  const message = `Please provide below info when asking for support: timestamp = ${new Date().toISOString()}, correlationId = ${randomUUID()}.`;
  return new ArmError(status, code, message, details, headers);
}
