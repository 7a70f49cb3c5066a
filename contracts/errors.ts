import type { MessageKey, MessageParams } from './messages.ts';
import type { IssueMessage } from './shared/issue-messages.ts';

/** The eight codes of a failure and their HTTP status; a finer cause stands in `data.reason`. */
export const errorStatus = {
  VALIDATION_ERROR: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  RATE_LIMITED: 429,
  INTERNAL_ERROR: 500,
  SERVICE_UNAVAILABLE: 503,
} as const;

export type ErrorCode = keyof typeof errorStatus;

export interface Issue {
  /** Where, in dots: `body.data.region`, `query.limit`. */
  path: string;
  message: string;
}

/** One of ours, of which there is Korean. */
export type KnownIssue = Issue & { message: IssueMessage };

export interface ErrorDetails {
  params?: MessageParams;
  data?: Readonly<Record<string, unknown>>;
  retryAfterSeconds?: number;
  /** Differs from the code's own status only for 405 and 413. */
  status?: number;
  headers?: Readonly<Record<string, string>>;
  cause?: unknown;
}

/** What a use case throws to refuse. The middleware makes the failure envelope of it; nothing else reaches a client. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly messageKey: MessageKey;
  readonly params: MessageParams;
  readonly data: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds: number | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, messageKey: MessageKey, details: ErrorDetails = {}) {
    super(messageKey, { cause: details.cause });
    this.name = 'ApiError';
    this.code = code;
    this.status = details.status ?? errorStatus[code];
    this.messageKey = messageKey;
    this.params = details.params ?? {};
    this.data = details.data ?? {};
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.headers = details.headers ?? {};
  }
}

/** What does not fit, as its schema said it. */
export const unfit = (issues: readonly Issue[]) =>
  new ApiError('VALIDATION_ERROR', 'input.invalid', { data: { issues } });

/** What does not fit by a rule that no schema says. */
export const invalid = (issues: readonly KnownIssue[]) => unfit(issues);

export const unauthorized = (messageKey: MessageKey = 'auth.required') => new ApiError('UNAUTHORIZED', messageKey);

export const forbidden = (messageKey: MessageKey = 'auth.forbidden') => new ApiError('FORBIDDEN', messageKey);

/** One sentence for what is missing and for what the caller may not know of. */
export const notFound = () => new ApiError('NOT_FOUND', 'thing.not_found');

export const conflict = (messageKey: MessageKey, details: ErrorDetails = {}) =>
  new ApiError('CONFLICT', messageKey, details);

/** It has been changed since it was read: whoever can, reads it again. */
export const stale = () => conflict('version.stale');

export const isStale = (error: unknown): boolean => error instanceof ApiError && error.messageKey === 'version.stale';

export const unavailable = (retryAfterSeconds: number, cause?: unknown) =>
  new ApiError('SERVICE_UNAVAILABLE', 'service.unavailable', { retryAfterSeconds, cause });

/** Whether something that we need was down: what was asked of it passes later, and a write may have been done, its answer lost. */
export const isUnavailable = (error: unknown): boolean =>
  error instanceof ApiError && error.code === 'SERVICE_UNAVAILABLE';

/** @param allow Methods that the path has. */
export const methodNotAllowed = (method: string, allow: readonly string[]) =>
  new ApiError('VALIDATION_ERROR', 'input.method', {
    status: 405,
    params: { method },
    headers: { allow: allow.join(', ') },
    data: { issues: [{ path: 'method', message: 'is not one of those that Allow names' } satisfies KnownIssue] },
  });
