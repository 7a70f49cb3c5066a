import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runMetered } from '../../../functions/platform/meter.ts';
import { type Bucket, createBucket } from '../../../functions/platform/objects/index.ts';
import { type InProcessEmulator, startInProcessEmulator } from '../../support/in-process-emulator.ts';

const name = 'skyclust-objects';
const text = (body: Uint8Array | undefined) => body && Buffer.from(body).toString('utf8');
const type = 'text/plain';

let emulator: InProcessEmulator;
let bucket: Bucket;
beforeAll(async () => {
  emulator = await startInProcessEmulator();
  const s3 = new S3Client({ ...emulator.client, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: name, ObjectLockEnabledForBucket: true }));
  s3.destroy();
  bucket = createBucket({ name, ...emulator.client });
});
afterAll(() => emulator?.stop());

describe('a bucket', () => {
  it('gives back what was put, and nothing where nothing was', async () => {
    expect(await bucket.put('a/one.txt', Buffer.from('one, 하나'), { type })).toBe(true);
    expect(text(await bucket.get('a/one.txt'))).toBe('one, 하나');
    expect(await bucket.get('a/none.txt')).toBeUndefined();
  });

  it('lets one of many have a key that is to be absent', async () => {
    const tries = Array.from({ length: 20 }, (_, nth) =>
      bucket.put('a/taken.txt', Buffer.from(String(nth)), { type }, { absentOnly: true }),
    );
    const taken = await Promise.all(tries);
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(text(await bucket.get('a/taken.txt'))).toBe(String(taken.indexOf(true)));
  });

  it('lists more keys than a page holds, in order, each request on the meter', async () => {
    const keys = Array.from({ length: 1_005 }, (_, nth) => `list/${String(nth).padStart(6, '0')}.json`);
    for (let at = 0; at < keys.length; at += 100)
      await Promise.all(keys.slice(at, at + 100).map((key) => bucket.put(key, Buffer.from('{}'), { type })));
    const [found, requests] = await runMetered(
      async (meter) => [await bucket.list('list/'), meter.read('s3')] as const,
    );
    expect(found).toEqual(keys);
    expect(requests).toBe(2);
    expect(await bucket.first('list/')).toBe(keys[0]);
    expect(await bucket.first('none/')).toBeUndefined();
  });

  it('is read by who holds a link, under the name that was given, and not once it has ended', async () => {
    await bucket.put('a/report.csv', Buffer.from('x'), { type: 'text/csv', fileName: 'report.csv' });
    const link = await bucket.link('a/report.csv', 900, new Date());
    expect(new URL(link).searchParams.get('X-Amz-Expires')).toBe('900');
    const answer = await fetch(link);
    expect([answer.status, await answer.text()]).toEqual([200, 'x']);
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="report.csv"');
    const ended = await bucket.link('a/report.csv', 900, new Date(Date.now() - 901_000));
    expect((await fetch(ended)).status).toBe(403);
  });

  it('takes an object part by part, also from who goes on with an upload', async () => {
    const part = Buffer.alloc(5 * 1024 * 1024, 'a');
    const begun = await bucket.beginUpload('a/large.txt', { type });
    await begun.send(part);
    expect(await bucket.get('a/large.txt')).toBeUndefined();
    expect(await bucket.has('a/large.txt')).toBe(false);
    const other = bucket.continueUpload('a/large.txt', begun.state());
    await other.send(Buffer.from('the end'));
    await other.complete();
    expect(await bucket.has('a/large.txt')).toBe(true);
    const whole = await bucket.get('a/large.txt');
    expect(whole?.length).toBe(part.length + 7);
    expect(text(whole?.subarray(part.length))).toBe('the end');
  });

  it('throws what S3 refuses, without the names of keys', async () => {
    const nowhere = createBucket({ name: 'skyclust-nowhere', ...emulator.client });
    await expect(nowhere.put('a/secret-name.txt', Buffer.from('x'), { type })).rejects.toThrow(
      /^cannot PUT an object: 404 NoSuchBucket$/,
    );
  });

  it('is SERVICE_UNAVAILABLE while it does not answer', async () => {
    const down = createBucket({
      name,
      ...emulator.client,
      endpoint: 'http://127.0.0.1:2',
      pace: { delay: async () => undefined },
    });
    await expect(down.get('a/one.txt')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });
});
