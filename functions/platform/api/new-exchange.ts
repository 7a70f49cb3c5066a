import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Language } from '../../../contracts/messages.ts';
import type { Route } from '../../../contracts/route.ts';
import type { ApiDependencies } from './dependencies.ts';
import type { Exchange } from './exchange.ts';

/** Korean where the client's first language is Korean; English else. */
export const readLanguage = (event: APIGatewayProxyEventV2): Language =>
  /^\s*ko\b/i.test(event.headers['accept-language'] ?? '') ? 'ko' : 'en';

export function newExchange(
  event: APIGatewayProxyEventV2,
  route: Route,
  address: string,
  { newId, now }: Pick<ApiDependencies, 'newId' | 'now'>,
): Exchange {
  return {
    event,
    route,
    requestId: `req_${newId()}`,
    startedAt: now(),
    language: readLanguage(event),
    address,
    userAgent: event.headers['user-agent'] ?? '',
    input: { params: undefined, query: undefined, body: undefined },
    form: false,
    audited: false,
  };
}
