/** One answer of the API, parsed. */
export interface HttpAnswer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  body: any;
}

export interface HttpRequest {
  token?: string | undefined;
  /** Sent as JSON; a string is sent as it is. */
  body?: unknown;
  headers?: Record<string, string>;
}

export type Http = (method: string, path: string, request?: HttpRequest) => Promise<HttpAnswer>;

/** Calls the API as its users do; `path` is below `/api/v1` unless it says otherwise. */
export const createHttp =
  (baseUrl: string): Http =>
  async (method, path, { token, body, headers = {} } = {}) => {
    const response = await fetch(`${baseUrl}${path.startsWith('/api/') ? '' : '/api/v1'}${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
  };

export interface Spent {
  trips: number;
  wcu: number;
  rcu: number;
  kms: number;
}

/** What the call cost, as the local stage answers it in `x-meter`. */
export function spentOf({ headers }: HttpAnswer): Spent {
  const pairs = (headers.get('x-meter') ?? '').split(';').map((pair) => pair.split('='));
  const spent = Object.fromEntries(pairs.map(([name, value]) => [name, Number(value)]));
  return { trips: NaN, wcu: NaN, rcu: NaN, kms: NaN, ...spent };
}
