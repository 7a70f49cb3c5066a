import type { ObjectAnswer, ObjectRequest } from './signed-requests.ts';

/** What it takes to go on with an upload in another process. */
export interface UploadState {
  uploadId: string;
  /** S3's tag of each part that it has. */
  tags: string[];
}

export interface Upload {
  /** What has been sent so far. */
  state(): UploadState;
  /** The next part: 5 MB or more, but for the last. */
  send(part: Uint8Array): Promise<void>;
  complete(): Promise<void>;
}

const partPatienceMs = 10_000;

export function continueUpload(
  ask: (request: ObjectRequest) => Promise<ObjectAnswer>,
  key: string,
  { uploadId, tags: before }: UploadState,
): Upload {
  const tags = [...before];
  return {
    state: () => ({ uploadId, tags: [...tags] }),
    async send(part) {
      const query = { partNumber: String(tags.length + 1), uploadId };
      const { headers } = await ask({ method: 'PUT', key, query, body: part, patienceMs: partPatienceMs });
      tags.push(headers.get('etag') ?? '');
    },
    async complete() {
      const parts = tags.map((tag, at) => `<Part><PartNumber>${at + 1}</PartNumber><ETag>${tag}</ETag></Part>`);
      const body = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`;
      const answer = await ask({ method: 'POST', key, query: { uploadId }, body, patienceMs: partPatienceMs });
      // S3 answers 200 before it is done, and may say in the body that it was not.
      if (Buffer.from(answer.body).includes('<Error>'))
        throw new Error('cannot complete an upload: S3 refuses its parts');
    },
  };
}
