import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { ApiError, type Issue } from '../../../contracts/errors.ts';
import { type Language, sentence } from '../../../contracts/messages.ts';
import type { Route } from '../../../contracts/route.ts';
import { inKorean } from '../../../contracts/shared/issue-messages.ts';
import type { Answer } from './call.ts';
import type { Allowance, Exchange } from './exchange.ts';

interface Stamp {
  requestId: string;
  at: Date;
  language: Language;
  allowance?: Allowance | undefined;
}

const headersOf = ({ requestId, allowance, language }: Stamp): Record<string, string> => ({
  'content-type': 'application/json; charset=utf-8',
  'content-language': language,
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-request-id': requestId,
  ...(allowance === undefined
    ? {}
    : {
        'x-ratelimit-limit': String(allowance.limit),
        'x-ratelimit-remaining': String(allowance.remaining),
        'x-ratelimit-reset': String(allowance.reset),
      }),
});

/** Of a call that went well. */
export const statusOf = (route: Route, answer: Pick<Answer, 'later'> = {}): number =>
  answer.later === true ? 202 : route.answer.status;

export function success(exchange: Exchange, answer: Answer, stamp: Stamp): APIGatewayProxyStructuredResultV2 {
  const { message, later } = exchange.route.answer;
  const messageKey = answer.message ?? (answer.later ? later : message);
  const etag = answer.version === undefined ? {} : { etag: `"${answer.version}"` };
  return {
    statusCode: statusOf(exchange.route, answer),
    headers: { ...headersOf(stamp), ...etag },
    body: JSON.stringify({
      success: true,
      message: messageKey === undefined ? undefined : sentence(messageKey, stamp.language, answer.messageParams),
      data: answer.data,
      ...answer.root,
      request_id: stamp.requestId,
      timestamp: stamp.at.toISOString(),
    }),
  };
}

/** Whatever was thrown that is not ours says nothing of itself to the client. */
export const asApiError = (error: unknown): ApiError =>
  error instanceof ApiError ? error : new ApiError('INTERNAL_ERROR', 'internal.error', { cause: error });

/** Its issues are written in English where the rules stand; the reader's language is known here. */
function dataOf({ data }: ApiError, language: Language): ApiError['data'] {
  const { issues } = data as { issues?: readonly Issue[] };
  if (language === 'en' || issues === undefined) return data;
  return { ...data, issues: issues.map((issue) => ({ ...issue, message: inKorean(issue.message) })) };
}

export function failure(error: ApiError, stamp: Stamp): APIGatewayProxyStructuredResultV2 {
  const retryAfter = error.retryAfterSeconds === undefined ? {} : { 'retry-after': String(error.retryAfterSeconds) };
  return {
    statusCode: error.status,
    headers: { ...headersOf(stamp), ...error.headers, ...retryAfter },
    body: JSON.stringify({
      success: false,
      error: sentence(error.messageKey, stamp.language, error.params),
      code: error.code,
      data: dataOf(error, stamp.language),
      request_id: stamp.requestId,
      timestamp: stamp.at.toISOString(),
    }),
  };
}
