import { type ErrorCode, errorStatus } from '../errors.ts';
import { type MessageKey, sentence } from '../messages.ts';
import type { Header, Response, Schema } from './types.ts';

const requestId = 'req_01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6a';
const at = '2026-01-31T09:30:00.000Z';
export const stamp = { request_id: requestId, timestamp: at };

interface Described {
  description: string;
  messageKey: MessageKey;
  data?: Readonly<Record<string, unknown>>;
}

const described: Readonly<Record<ErrorCode, Described>> = {
  VALIDATION_ERROR: {
    description: 'The body, the query or the path does not fit; `data.issues` says where.',
    messageKey: 'input.invalid',
    data: { issues: [{ path: 'query.limit', message: 'must be a whole number' }] },
  },
  UNAUTHORIZED: {
    description: 'No token, or one that is not good, no longer good, or of a disabled user.',
    messageKey: 'auth.required',
  },
  FORBIDDEN: { description: 'The role or membership does not allow it.', messageKey: 'auth.forbidden' },
  NOT_FOUND: { description: 'There is no such thing, or it is not yours to know of.', messageKey: 'thing.not_found' },
  CONFLICT: {
    description:
      'A duplicate, a wrong state for the action, or a version that is no longer the current one; with `Retry-After`, another request that is at work on the same.',
    messageKey: 'version.stale',
    data: { version: 3 },
  },
  RATE_LIMITED: { description: 'Over the limit of the hour.', messageKey: 'rate.limited' },
  INTERNAL_ERROR: { description: 'The fault is ours.', messageKey: 'internal.error' },
  SERVICE_UNAVAILABLE: { description: 'Something that we need is down; try again.', messageKey: 'service.unavailable' },
};

/** What the documents names the response of each code. */
export const responseName = (code: ErrorCode): string =>
  code
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('');

export const tooLarge = 'TooLarge';

export const failureSchema: Schema = {
  type: 'object',
  required: ['success', 'error', 'code', 'data', 'request_id', 'timestamp'],
  properties: {
    success: { const: false },
    error: { type: 'string', description: 'A sentence for people, in the language that was asked for.' },
    code: { type: 'string', enum: Object.keys(errorStatus) },
    data: {
      type: 'object',
      description: 'Details. A finer cause may stand in `reason`.',
      properties: {
        reason: { type: 'string' },
        issues: {
          type: 'array',
          items: {
            type: 'object',
            required: ['path', 'message'],
            properties: { path: { type: 'string' }, message: { type: 'string' } },
          },
        },
      },
    },
    request_id: { type: 'string', examples: [requestId] },
    timestamp: { type: 'string', format: 'date-time', examples: [at] },
  },
};

const integer = (description: string, example: number): Header => ({
  description,
  schema: { type: 'integer', examples: [example] },
});

export const headers: Readonly<Record<string, Header>> = {
  'X-Request-Id': {
    description: 'The same as `request_id` of the body.',
    schema: { type: 'string', examples: [requestId] },
  },
  'Content-Language': { description: 'The language of sentences.', schema: { type: 'string', enum: ['en', 'ko'] } },
  'X-RateLimit-Limit': integer('Calls that the hour allows.', 1_000),
  'X-RateLimit-Remaining': integer('Calls that are left of them.', 987),
  'X-RateLimit-Reset': integer('When the hour ends, in Unix seconds.', 1_769_853_600),
  'Retry-After': integer('Seconds after which another try makes sense.', 5),
  ETag: { description: 'The version, to be sent back as `If-Match`.', schema: { type: 'string', examples: ['"3"'] } },
};

export const headerReferences = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

export const everyAnswer = ['X-Request-Id', 'Content-Language'];
export const countedAnswer = ['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'];

const mayPass: readonly ErrorCode[] = ['CONFLICT', 'RATE_LIMITED', 'SERVICE_UNAVAILABLE'];

const failureOf = (code: ErrorCode, { description, messageKey, data = {} }: Described, params = {}): Response => ({
  description,
  headers: headerReferences([...everyAnswer, ...countedAnswer, ...(mayPass.includes(code) ? ['Retry-After'] : [])]),
  content: {
    'application/json': {
      schema: { $ref: '#/components/schemas/Failure' },
      example: { success: false, error: sentence(messageKey, 'en', params), code, data, ...stamp },
    },
  },
});

/** One response a code, which routes refer to. */
export function failureResponses(): Record<string, Response> {
  const codes = Object.keys(described) as ErrorCode[];
  const large: Described = { description: 'The body is over 1 MB.', messageKey: 'input.too_large' };
  return {
    ...Object.fromEntries(codes.map((code) => [responseName(code), failureOf(code, described[code])])),
    [tooLarge]: failureOf('VALIDATION_ERROR', large, { max: 1_048_576 }),
  };
}
