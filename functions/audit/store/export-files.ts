import type { Bucket } from '../../platform/objects/index.ts';
import { fileName, objectKey, restKey } from '../domain/export.ts';
import { exportFormats } from '../domain/export-format.ts';
import type { ExportFiles } from '../ports.ts';

const restType = 'text/plain; charset=utf-8';

export const createExportFiles = (bucket: Bucket): ExportFiles => ({
  async write(job, body) {
    const { type } = exportFormats[job.format];
    await bucket.put(objectKey(job), body, { type, fileName: fileName(job) });
  },
  link: (job, seconds, now) => bucket.link(objectKey(job), seconds, now),
  async upload(job) {
    const { type } = exportFormats[job.format];
    if (job.upload !== undefined) return bucket.continueUpload(objectKey(job), job.upload);
    return bucket.beginUpload(objectKey(job), { type, fileName: fileName(job) });
  },
  isWritten: (job) => bucket.has(objectKey(job)),
  readRest: (job) => bucket.get(restKey(job)),
  async writeRest(job, bytes) {
    await bucket.put(restKey(job), bytes, { type: restType });
  },
});
