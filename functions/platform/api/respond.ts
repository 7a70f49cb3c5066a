import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { RateLimited } from '../auth/rate-limited.ts';
import { meter, meterText } from '../meter.ts';
import type { ApiDependencies } from './dependencies.ts';
import { asApiError, failure, success } from './envelope.ts';
import type { Exchange } from './exchange.ts';
import { readLanguage } from './new-exchange.ts';

type Result = APIGatewayProxyStructuredResultV2;

/** What the call cost, for the stages that show it: budgets are tested on it. */
const withMeter = (response: Result, { showMeter }: ApiDependencies): Result => {
  if (!showMeter) return response;
  return { ...response, headers: { ...response.headers, 'x-meter': meterText(meter()) } };
};

export function succeededResponse(exchange: Exchange, dependencies: ApiDependencies): Result {
  const at = dependencies.now();
  const response = success(exchange, exchange.answer ?? {}, { ...exchange, at });
  const status = response.statusCode ?? 200;
  dependencies.logger.end(exchange, { status, milliseconds: at.getTime() - exchange.startedAt.getTime() });
  return withMeter(response, dependencies);
}

export function failedResponse(
  event: APIGatewayProxyEventV2,
  exchange: Exchange | undefined,
  thrown: unknown,
  dependencies: ApiDependencies,
): Result {
  const at = dependencies.now();
  const error = asApiError(thrown);
  const stamp = {
    requestId: exchange?.requestId ?? `req_${dependencies.newId()}`,
    language: readLanguage(event),
    allowance: thrown instanceof RateLimited ? thrown.allowance : exchange?.allowance,
    at,
  };
  const response = failure(error, stamp);
  if (exchange === undefined) {
    // Refused before it had a route: no caller, no path of ours to name.
    if (error.status >= 500) dependencies.logger.error('cannot answer', thrown);
  } else {
    const milliseconds = at.getTime() - exchange.startedAt.getTime();
    dependencies.logger.end(exchange, { status: error.status, code: error.code, error: thrown, milliseconds });
  }
  return withMeter(response, dependencies);
}
