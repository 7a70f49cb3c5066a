import { SignatureV4 } from '@smithy/signature-v4';
import { meter } from '../meter.ts';
import { beginSeries, type Pace } from '../retry/series.ts';
import { Sha256 } from './sha256.ts';

interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export interface BucketOptions {
  name: string;
  region: string;
  credentials: Credentials | (() => Promise<Credentials>);
  /** Where S3 is reached, if not at its own address. */
  endpoint?: string | undefined;
  pace?: Partial<Pace>;
}

export interface ObjectRequest {
  method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  key: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** A part of some megabytes takes its time. */
  patienceMs?: number;
}

export interface ObjectAnswer {
  status: number;
  headers: Headers;
  body: Uint8Array;
}

/** What S3 says beside yes: its status and code, never its text, which names keys. */
export class ObjectRefusal extends Error {
  readonly status: number;
  /** As the SDK's errors have it, for `judge`: over 500 the answer is as good as lost. */
  readonly $metadata: { httpStatusCode: number };

  constructor({ method }: ObjectRequest, { status, body }: ObjectAnswer) {
    const code = /<Code>(\w+)<\/Code>/.exec(Buffer.from(body).toString('utf8'))?.[1] ?? 'no code';
    super(`cannot ${method} an object: ${status} ${code}`);
    this.status = status;
    this.$metadata = { httpStatusCode: status };
  }
}

/** A failed fetch hides what failed in its cause. */
const networkError = (error: unknown) =>
  error instanceof TypeError && error.cause instanceof Error ? error.cause : error;

const queryText = (query: Readonly<Record<string, unknown>>) =>
  Object.entries(query)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join('&');

/**
 * S3 over its own HTTP interface: the SDK's client is 160 KB more in a bundle, and the signer is in every bundle already. Keys hold letters, digits, `-`, `.`
 * and `/` alone, which nothing escapes.
 */
export function createSignedRequests({ name, region, credentials, endpoint, pace }: BucketOptions) {
  const base = new URL(endpoint ? `${endpoint}/${name}` : `https://${name}.s3.${region}.amazonaws.com`);
  const signer = new SignatureV4({ service: 's3', region, credentials, sha256: Sha256, uriEscapePath: false });
  const requestOf = ({ method, key, query = {}, headers = {} }: ObjectRequest) => ({
    method,
    protocol: base.protocol,
    hostname: base.hostname,
    ...(base.port !== '' && { port: Number(base.port) }),
    path: `${base.pathname === '/' ? '' : base.pathname}/${key}`,
    query,
    headers: { host: base.host, ...headers },
  });
  const urlOf = ({ path, query = {} }: { path: string; query?: Readonly<Record<string, unknown>> }) =>
    `${base.origin}${path}${Object.keys(query).length > 0 ? `?${queryText(query)}` : ''}`;

  return {
    /** Answers what S3 answers below 500; what keeps it from answering is retried within a bound, then SERVICE_UNAVAILABLE. */
    send: (request: ObjectRequest): Promise<ObjectAnswer> =>
      beginSeries(pace).send(async ({ requestTimeout }) => {
        meter().add('s3');
        const { body } = request;
        const signed = await signer.sign({ ...requestOf(request), ...(body !== undefined && { body }) });
        try {
          const response = await fetch(urlOf(signed), {
            method: request.method,
            headers: signed.headers,
            ...(body !== undefined && { body: typeof body === 'string' ? body : Buffer.from(body) }),
            signal: AbortSignal.timeout(Math.max(requestTimeout, request.patienceMs ?? 0)),
          });
          const { status, headers } = response;
          const answer = { status, headers, body: new Uint8Array(await response.arrayBuffer()) };
          if (status >= 500) throw new ObjectRefusal(request, answer);
          return answer;
        } catch (error) {
          throw networkError(error);
        }
      }),

    /** A link with which whoever holds it may do the request for so many seconds, as this function could now. */
    async presign(request: ObjectRequest, seconds: number, now: Date): Promise<string> {
      // What a link's holder sends is not known by now; S3 asks that the signature says so.
      const headers = { ...request.headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
      return urlOf(await signer.presign(requestOf({ ...request, headers }), { expiresIn: seconds, signingDate: now }));
    },
  };
}
