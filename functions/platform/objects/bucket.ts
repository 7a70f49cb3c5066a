import { createHash } from 'node:crypto';
import {
  type BucketOptions,
  createSignedRequests,
  type ObjectAnswer,
  ObjectRefusal,
  type ObjectRequest,
} from './signed-requests.ts';
import { continueUpload, type Upload, type UploadState } from './upload.ts';

export interface ObjectHeaders {
  type: string;
  /** The name under which a browser saves it. */
  fileName?: string;
}

/** Objects of one bucket. What S3 refuses throws; while it does not answer, SERVICE_UNAVAILABLE. */
export interface Bucket {
  get(key: string): Promise<Uint8Array | undefined>;
  has(key: string): Promise<boolean>;
  /** False, with `absentOnly`, when the key is taken. */
  put(key: string, body: Uint8Array, headers: ObjectHeaders, options?: { absentOnly?: boolean }): Promise<boolean>;
  /** All keys that begin so, in order; 1,000 a request. */
  list(prefix: string): Promise<string[]>;
  /** The first of them, in one request. */
  first(prefix: string): Promise<string | undefined>;
  /** Whoever holds it may read the object for so many seconds. */
  link(key: string, seconds: number, now: Date): Promise<string>;
  /** An object that is sent part by part, and is there once all have been. */
  beginUpload(key: string, headers: ObjectHeaders): Promise<Upload>;
  continueUpload(key: string, state: UploadState): Upload;
}

export const headersOf = ({ type, fileName }: ObjectHeaders) => ({
  'content-type': type,
  ...(fileName !== undefined && { 'content-disposition': `attachment; filename="${fileName}"` }),
});

const textOf = ({ body }: ObjectAnswer) => Buffer.from(body).toString('utf8');
const keysIn = (xml: string) => [...xml.matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key = '']) => key);

export function createBucket(options: BucketOptions): Bucket {
  const requests = createSignedRequests(options);

  async function ask(request: ObjectRequest, ...alsoRight: number[]): Promise<ObjectAnswer> {
    const answer = await requests.send(request);
    if (answer.status >= 300 && !alsoRight.includes(answer.status)) throw new ObjectRefusal(request, answer);
    return answer;
  }

  return {
    async get(key) {
      const { status, body } = await ask({ method: 'GET', key }, 404);
      return status === 404 ? undefined : body;
    },
    async has(key) {
      // To who may not list a bucket S3 says FORBIDDEN of what is not there.
      return (await ask({ method: 'HEAD', key }, 403, 404)).status < 300;
    },
    async put(key, body, headers, { absentOnly = false } = {}) {
      const { status } = await ask(
        {
          method: 'PUT',
          key,
          body,
          headers: {
            ...headersOf(headers),
            // A bucket with Object Lock takes no object without a checksum.
            'x-amz-checksum-sha256': createHash('sha256').update(body).digest('base64'),
            ...(absentOnly && { 'if-none-match': '*' }),
          },
        },
        ...(absentOnly ? [409, 412] : []),
      );
      return status < 300;
    },
    async list(prefix) {
      const keys: string[] = [];
      for (;;) {
        const after = keys.at(-1);
        const query = { 'list-type': '2', prefix, ...(after !== undefined && { 'start-after': after }) };
        const xml = textOf(await ask({ method: 'GET', key: '', query }));
        const found = keysIn(xml);
        keys.push(...found);
        if (found.length === 0 || !/<IsTruncated>true</.test(xml)) return keys;
      }
    },
    async first(prefix) {
      const query = { 'list-type': '2', 'max-keys': '1', prefix };
      return keysIn(textOf(await ask({ method: 'GET', key: '', query })))[0];
    },
    link: (key, seconds, now) => requests.presign({ method: 'GET', key }, seconds, now),
    async beginUpload(key, headers) {
      const answer = await ask({ method: 'POST', key, query: { uploads: '' }, headers: headersOf(headers) });
      const uploadId = /<UploadId>([^<]+)</.exec(textOf(answer))?.[1];
      if (uploadId === undefined) throw new Error('cannot begin an upload: the answer has no id');
      return continueUpload(ask, key, { uploadId, tags: [] });
    },
    continueUpload: (key, state) => continueUpload(ask, key, state),
  };
}
