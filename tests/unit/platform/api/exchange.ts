import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod';
import type { Route } from '../../../../contracts/route.ts';
import type { Exchange } from '../../../../functions/platform/api/exchange.ts';

interface Request {
  headers?: Record<string, string>;
  body?: string;
  query?: string;
  params?: Record<string, string>;
}

/** A payload of version 2.0, as far as the middleware reads it. */
export const eventOf = ({ headers = {}, body, query = '', params = {} }: Request) =>
  ({
    version: '2.0',
    routeKey: '$default',
    rawPath: '/',
    rawQueryString: query,
    headers,
    pathParameters: params,
    isBase64Encoded: false,
    ...(body === undefined ? {} : { body }),
  }) as unknown as APIGatewayProxyEventV2;

export const sampleRoute: Route = {
  id: 'things.create',
  fn: 'system-api',
  method: 'POST',
  path: '/api/v1/things',
  summary: 'Make a thing',
  who: { kind: 'caller' },
  query: z.strictObject({ tag: z.array(z.string()).optional(), one: z.string().optional() }),
  body: z.strictObject({ name: z.string().min(3), size: z.strictObject({ width: z.int() }).optional() }),
  answer: { status: 201 },
  counted: 'caller',
  audit: { resource: 'thing', action: 'create' },
  idempotent: true,
  tag: 'Things',
};

export const exchangeOf = (request: Request, route: Partial<Route> = {}): Exchange => ({
  event: eventOf({ headers: { 'content-type': 'application/json' }, ...request }),
  route: { ...sampleRoute, ...route },
  requestId: 'req_1',
  startedAt: new Date('2026-01-31T09:30:00.000Z'),
  language: 'en',
  address: '203.0.113.7',
  userAgent: 'test',
  input: { params: undefined, query: undefined, body: undefined },
  form: false,
  audited: false,
});
