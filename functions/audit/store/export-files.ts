import type { Bucket } from '../../platform/objects/index.ts';
import { fileName, objectKey } from '../domain/export.ts';
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
  async readRest(key) {
    const bytes = await bucket.get(key);
    if (bytes === undefined) throw new Error(`cannot go on with an export: ${key} is not there`);
    return bytes;
  },
  async writeRest(key, bytes) {
    await bucket.put(key, bytes, { type: restType });
  },
});
