import { KMSClient } from '@aws-sdk/client-kms';
import { beforeAll, describe, expect, it } from 'vitest';
import { CannotOpenSecret, openSecret } from '../../../../functions/platform/crypto/open.ts';
import { type SealWith, sealSecret } from '../../../../functions/platform/crypto/seal.ts';
import type { Sealed } from '../../../../functions/platform/crypto/sealed.ts';
import { runMetered } from '../../../../functions/platform/meter.ts';
import { answerTimeout, awsError, networkError } from '../../../support/aws-errors.ts';
import { type Step, script } from '../../../support/scripted-client.ts';

const context = { workspace_id: 'w-1', credential_id: 'c-1', version: 3 };
const dataKey = () => Buffer.alloc(32, 7);
const wrapped = Uint8Array.of(1, 2, 3);
const answers = () => ({ Plaintext: dataKey(), CiphertextBlob: wrapped });

function scriptKms(steps: readonly Step[], options?: { repeat: boolean }) {
  const kms = new KMSClient({ region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  const seen = script(kms, steps, options);
  return { ...seen, using: { kms, keyId: 'key-1', random: () => 0, delay: async () => undefined, now: () => 0 } };
}

const seal = (plaintext: Uint8Array | object = { secret_key: 's3cret' }) =>
  sealSecret(scriptKms([answers()]).using, context, plaintext);

describe('sealing', () => {
  it('asks KMS for a data key of its own, bound to the context', async () => {
    const { using, inputs, commands } = scriptKms([answers()]);
    await sealSecret(using, context, { a: 1 });
    expect(commands).toEqual(['GenerateDataKey']);
    expect(inputs[0]).toEqual({
      KeyId: 'key-1',
      KeySpec: 'AES_256',
      EncryptionContext: { workspace_id: 'w-1', credential_id: 'c-1', version: '3' },
    });
  });

  it('leaves no data key behind, and the bytes that it was handed as they were', async () => {
    const answer = answers();
    const plaintext = Buffer.from('mine');
    await sealSecret(scriptKms([answer]).using, context, plaintext);
    expect(answer.Plaintext.every((byte) => byte === 0)).toBe(true);
    expect(plaintext.toString()).toBe('mine');
  });

  it('never repeats an iv', async () => {
    const ivs = new Set<string>();
    for (let count = 0; count < 1_000; count += 1) ivs.add(Buffer.from((await seal()).iv).toString('hex'));
    expect(ivs.size).toBe(1_000);
  });

  it('shows nothing of the secret', async () => {
    const { key, iv, tag, data } = await seal({ secret_key: 'an unmistakable text' });
    const all = Buffer.concat([key, iv, tag, data]);
    expect(all.includes('unmistakable')).toBe(false);
  });
});

describe('opening', () => {
  it('wipes the data key, also when the secret was altered', async () => {
    for (const alter of [false, true]) {
      const own = await seal();
      if (alter) own.tag[0] = (own.tag[0] ?? 0) ^ 1;
      const answer = answers();
      await openSecret(scriptKms([answer]).using, context, own).catch(() => undefined);
      expect(answer.Plaintext.every((byte) => byte === 0)).toBe(true);
    }
  });

  it('names the key and the context to KMS', async () => {
    const { using, inputs } = scriptKms([answers()]);
    await openSecret(using, context, await seal());
    expect(inputs[0]).toMatchObject({ KeyId: 'key-1', CiphertextBlob: wrapped, EncryptionContext: { version: '3' } });
  });

  it('tries the keys that data came from, in their order, once its own did not seal it', async () => {
    const wrong = awsError('IncorrectKeyException');
    const { using, inputs } = scriptKms([wrong, wrong, answers()]);
    const moved = { ...using, formerKeyIds: ['key-a', 'key-b', 'key-c'] };
    expect(await openSecret(moved, context, await seal(Buffer.from('mine')))).toEqual(Buffer.from('mine'));
    expect(inputs).toMatchObject(['key-1', 'key-a', 'key-b'].map((KeyId) => ({ KeyId, CiphertextBlob: wrapped })));
  });

  it.each(['AccessDeniedException', 'DisabledException', 'KMSInvalidStateException', 'NotFoundException'])(
    'passes over a former key of which KMS says %s, but not over its own',
    async (name) => {
      const of = awsError('IncorrectKeyException');
      const { using } = scriptKms([of, awsError(name), answers()]);
      const moved = { ...using, formerKeyIds: ['key-a', 'key-b'] };
      expect(await openSecret(moved, context, await seal(Buffer.from('mine')))).toEqual(Buffer.from('mine'));
      const alone = { ...scriptKms([of, awsError(name)]).using, formerKeyIds: ['key-a'] };
      await expect(openSecret(alone, context, await seal())).rejects.toEqual(new CannotOpenSecret());
      const own = { ...scriptKms([awsError(name)]).using, formerKeyIds: ['key-a'] };
      await expect(openSecret(own, context, await seal())).rejects.toMatchObject({ name });
    },
  );

  it('tries no other key for what is altered, nor one that is not named', async () => {
    for (const [answered, asked] of [
      [['InvalidCiphertextException'], ['key-1']],
      [
        ['IncorrectKeyException', 'IncorrectKeyException'],
        ['key-1', 'key-a'],
      ],
    ] as const) {
      const { using, inputs } = scriptKms(answered.map((name) => awsError(name)));
      const opening = openSecret({ ...using, formerKeyIds: ['key-a'] }, context, await seal());
      await expect(opening).rejects.toEqual(new CannotOpenSecret());
      expect(inputs).toMatchObject(asked.map((KeyId) => ({ KeyId })));
    }
  });

  it.each(['InvalidCiphertextException', 'IncorrectKeyException'])(
    'says no more than that it cannot when KMS answers %s',
    async (name) => {
      const error = await openSecret(scriptKms([awsError(name)]).using, context, await seal()).catch(
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(CannotOpenSecret);
      expect(error).toEqual(new CannotOpenSecret());
      expect((error as Error).cause).toBeUndefined();
    },
  );

  it.each<[string, Partial<Record<keyof Sealed, unknown>>]>([
    ['another format', { v: 2 }],
    ['no format', { v: undefined }],
    ['a text for bytes', { data: 'text' }],
    ['a missing part', { key: undefined }],
    ['an empty key', { key: new Uint8Array() }],
    ['a short tag', { tag: new Uint8Array(4) }],
    ['a long iv', { iv: new Uint8Array(16) }],
  ])('does not ask KMS about %s', async (_, part) => {
    const { using, inputs } = scriptKms([]);
    const broken = { ...sealed, ...part } as Sealed;
    await expect(openSecret(using, context, broken)).rejects.toEqual(new CannotOpenSecret());
    expect(inputs).toEqual([]);
  });
});

let sealed: Sealed;
beforeAll(async () => {
  sealed = await seal();
});

const calls: [string, (using: SealWith) => Promise<unknown>][] = [
  ['sealing', (using) => sealSecret(using, context, { a: 1 })],
  ['opening', (using) => openSecret(using, context, sealed)],
];

describe.each(calls)('%s', (_, call) => {
  const passing = [
    awsError('ThrottlingException'),
    awsError('KMSInternalException', 500),
    answerTimeout(),
    networkError('ECONNRESET'),
  ];

  it('goes through after an outage, and each call to KMS is counted', async () => {
    const { using } = scriptKms([...passing, answers()]);
    const counted = await runMetered(async (meter) => {
      await call(using);
      return meter.read('kms');
    });
    expect(counted).toBe(5);
  });

  it.each(passing.map((error) => [error.name, error]))('is unavailable when %s stays', async (_name, error) => {
    const { using, inputs } = scriptKms([error as Error], { repeat: true });
    await expect(call(using)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 2 });
    expect(inputs).toHaveLength(6);
  });

  it('throws what is no matter of chance as it is: a key that is disabled or not ours', async () => {
    for (const name of ['DisabledException', 'AccessDeniedException', 'NotFoundException']) {
      const error = awsError(name);
      await expect(call(scriptKms([error]).using)).rejects.toBe(error);
    }
  });
});
