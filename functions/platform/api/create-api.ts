import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { type ApiError, methodNotAllowed, unavailable } from '../../../contracts/errors.ts';
import type { InputOf, Route } from '../../../contracts/route.ts';
import { runMetered } from '../meter.ts';
import { runUntil } from '../retry/answered.ts';
import { authenticate } from './authenticate.ts';
import { assertEntered, authoriseRole, authoriseWorkspace } from './authorise.ts';
import type { UseCase, UseCases } from './call.ts';
import type { ApiDependencies } from './dependencies.ts';
import type { Exchange } from './exchange.ts';
import { readViewerAddress } from './from-edge.ts';
import { readInput, readParams } from './input.ts';
import { newCall } from './new-call.ts';
import { newExchange } from './new-exchange.ts';
import { failedResponse, succeededResponse } from './respond.ts';
import { writeAuditRow } from './write-audit-row.ts';

type Result = APIGatewayProxyStructuredResultV2;
/** Middy hands the handler its context, so that is where one request's state travels. */
type ApiContext = Context & { exchange?: Exchange };

function exchangeOf({ exchange }: ApiContext): Exchange {
  if (exchange === undefined) throw new Error('the request has not begun');
  return exchange;
}

interface ApiOptions {
  /** Makes the refusal of a path or method that no route has: 404 or 405. For the function behind `$default` alone. */
  refuseUnknown?: (method: string, path: string) => ApiError;
}

/**
 * A function's handler: its routes from the contract, a use case for each. Every request goes through the same steps in the same order, and no throw
 * leaves it: edge → who calls, counted → role → input → workspace → use case → audit row → envelope.
 */
export function createApi<const Routes extends Readonly<Record<string, Route>>>(
  routes: Routes,
  useCases: UseCases<Routes>,
  dependencies: ApiDependencies,
  { refuseUnknown }: ApiOptions = {},
) {
  const byKey = new Map<string, Route>(Object.values(routes).map((route) => [`${route.method} ${route.path}`, route]));
  /** Of paths that could be taken for one with a parameter: API Gateway sends `DELETE /things/all` to `DELETE /things/{id}`. */
  const ofItself = Map.groupBy(
    Object.values(routes).filter(({ path }) => !path.includes('{')),
    ({ path }) => path,
  );
  const useCaseOf = (id: string) => (useCases as Readonly<Record<string, UseCase<unknown>>>)[id];

  const handler = middy<APIGatewayProxyEventV2, Result, Error, ApiContext>({
    // Answers before the platform cuts the call off with an answer of its own.
    timeoutEarlyInMillis: 300,
    timeoutEarlyResponse: () => {
      throw unavailable(5);
    },
  })
    .use({
      before: ({ event, context }) => {
        const address = readViewerAddress(event, dependencies.originSecretHashes);
        const route = byKey.get(event.routeKey);
        const { method, path } = event.requestContext.http;
        if (route === undefined) throw refuseUnknown?.(method, path) ?? new Error(`no route ${event.routeKey}`);
        const own = ofItself.get(path);
        if (own !== undefined && route.path !== path)
          throw methodNotAllowed(
            method,
            own.map((known) => known.method),
          );
        context.exchange = newExchange(event, route, address, dependencies);
        dependencies.logger.begin(context.exchange);
      },
      after: (request) => {
        request.response = succeededResponse(exchangeOf(request.context), dependencies);
      },
      onError: (request) => {
        request.response = failedResponse(request.event, request.context.exchange, request.error, dependencies);
      },
    })
    .use({
      after: ({ context }) => writeAuditRow(exchangeOf(context), dependencies),
      onError: ({ context, error }) => writeAuditRow(context.exchange, dependencies, error ?? new Error('unknown')),
    })
    .before(({ context }) => authenticate(exchangeOf(context), dependencies))
    .before(({ context }) => {
      const exchange = exchangeOf(context);
      exchange.input.params = readParams(exchange);
      if (exchange.caller !== undefined) authoriseRole(exchange, exchange.caller);
      exchange.input = readInput(exchange);
      if (exchange.caller !== undefined) authoriseWorkspace(exchange, exchange.caller);
    })
    .handler(async (_event: APIGatewayProxyEventV2, context: Context, { signal }): Promise<Result> => {
      const exchange = exchangeOf(context);
      const useCase = useCaseOf(exchange.route.id);
      if (useCase === undefined) throw new Error(`no use case for route ${exchange.route.id}`);
      const call = newCall(exchange, dependencies);
      exchange.answer = await runUntil(signal, () => useCase(exchange.input as InputOf<unknown>, call));
      assertEntered(exchange);
      return {};
    });
  return (event: APIGatewayProxyEventV2, context: Context): Promise<Result> =>
    runMetered(async () => (await handler(event, context)) as Result);
}
