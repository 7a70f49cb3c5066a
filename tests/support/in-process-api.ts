import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { v7 as uuidv7 } from 'uuid';
import type { FunctionName } from '../../contracts/route.ts';
import { routes } from '../../contracts/routes.ts';
import type { ApiDependencies } from '../../functions/platform/api/dependencies.ts';
import { defaultLimits } from '../../functions/platform/api/limits.ts';
import type { Http, HttpAnswer } from './http-client.ts';
import type { Backend } from './in-process-backend.ts';
import { steadyClock } from './steady-hour.ts';

const originSecret = 'the edge of the in-process API';
/** Where a request comes from unless its `x-viewer-address` says otherwise. */
export const viewerAddress = '198.51.100.7';

/** A handler as `createApi` makes it. */
export type ApiHandler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

export interface InProcessRequest {
  method: string;
  /** With its query, `/api/v1/…?…`. */
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

export type Logged = { status?: number; code?: string | undefined; error?: unknown; message?: string };

/** Dependencies over a backend; `overrides` for another table, clock or limits. `logged` gathers what the log would have. */
export function inProcessDependencies(
  { table, verifyToken }: Pick<Backend, 'table' | 'verifyToken'>,
  overrides: Partial<ApiDependencies> = {},
  logged: Logged[] = [],
): ApiDependencies {
  return {
    table,
    verifyToken,
    limits: defaultLimits,
    originSecretHashes: [createHash('sha256').update(originSecret).digest('hex')],
    logger: {
      begin: () => undefined,
      known: () => undefined,
      end: (_, { status, code, error }) => void logged.push({ status, code, error }),
      error: (message, error) => void logged.push({ message, error }),
    },
    now: steadyClock(),
    newId: uuidv7,
    showMeter: true,
    ...overrides,
  };
}

/** The route that API Gateway would choose: of those that fit, the one with the most fixed parts. */
function matchRoute(method: string, path: string) {
  const parts = path.split('/');
  const fixed = (template: string) => template.split('/').filter((part) => !part.startsWith('{')).length;
  const fits = Object.values(routes).filter((route) => {
    const wanted = route.path.split('/');
    return (
      route.method === method &&
      wanted.length === parts.length &&
      wanted.every((part, at) => part.startsWith('{') || part === parts[at])
    );
  });
  const route = fits.toSorted((a, b) => fixed(b.path) - fixed(a.path))[0];
  if (route === undefined) return { route, params: {} };
  const named = route.path
    .split('/')
    .flatMap((part, at) => (part.startsWith('{') ? [[part.slice(1, -1), decodeURIComponent(parts[at] ?? '')]] : []));
  return { route, params: Object.fromEntries(named) as Record<string, string> };
}

/** API Gateway hands over as text what says that it is text or JSON, and everything else in base64. */
const isText = (type: string | undefined) =>
  type === undefined || /^(text\/|application\/(json|javascript|xml))/.test(type);

/** Payload 2.0 as API Gateway makes it behind our edge. */
export function eventOf({ method, path, headers = {}, body }: InProcessRequest): APIGatewayProxyEventV2 {
  const [rawPath = '', rawQueryString = ''] = path.split('?');
  const { route, params } = matchRoute(method, rawPath);
  const routeKey = route === undefined ? '$default' : `${route.method} ${route.path}`;
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const text = isText(lower['content-type']);
  const query = new URLSearchParams(rawQueryString);
  const at = new Date();
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString,
    headers: {
      'user-agent': 'in-process',
      'x-viewer-address': viewerAddress,
      ...lower,
      'x-origin-verify': originSecret,
    },
    ...(query.size > 0 && {
      queryStringParameters: Object.fromEntries([...query.keys()].map((name) => [name, query.getAll(name).join(',')])),
    }),
    ...(Object.keys(params).length > 0 && { pathParameters: params }),
    requestContext: {
      accountId: '111122223333',
      apiId: 'inprocess0',
      domainName: 'inprocess0.execute-api.eu-west-1.amazonaws.com',
      domainPrefix: 'inprocess0',
      http: {
        method,
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: lower['user-agent'] ?? 'in-process',
      },
      requestId: uuidv7(),
      routeKey,
      stage: '$default',
      time: at.toUTCString(),
      timeEpoch: at.getTime(),
    },
    ...(body !== undefined && { body: text ? body : Buffer.from(body).toString('base64') }),
    isBase64Encoded: body !== undefined && !text,
  };
}

/** One an invocation, as Lambda has it: the middleware keeps the request's state there. */
const newContext = () => ({ getRemainingTimeInMillis: () => 15_000, awsRequestId: 'in-process' }) as Context;

/** Calls a handler as API Gateway would, through the edge. */
export async function invoke(handler: ApiHandler, request: InProcessRequest): Promise<HttpAnswer> {
  const { statusCode = 0, headers = {}, body } = await handler(eventOf(request), newContext());
  const text = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
  return {
    status: statusCode,
    headers: new Headers(text),
    body: body === undefined || body === '' ? undefined : JSON.parse(body),
  };
}

/** A client of several handlers at once, each serving the routes of its name: what is written against it runs against the deployed stack, too. */
export function createInProcessHttp(handlers: Partial<Record<FunctionName, ApiHandler>>): Http {
  return async (method, path, { token, body, headers = {} } = {}) => {
    const whole = path.startsWith('/api/') ? path : `/api/v1${path}`;
    const { route } = matchRoute(method, whole.split('?')[0] ?? '');
    const handler = handlers[route?.fn ?? 'system-api'];
    if (handler === undefined)
      throw new Error(`cannot call ${method} ${whole}: no handler was given for ${route?.fn ?? 'unknown paths'}`);
    return invoke(handler, {
      method,
      path: whole,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  };
}
