import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Credential } from '../../../functions/credentials/domain/credential.ts';
import { createResealData } from '../../../functions/credentials/store/open-data.ts';
import type { SecretContext } from '../../../functions/platform/crypto/context.ts';
import { createKmsClient } from '../../../functions/platform/crypto/kms-client.ts';
import {
  CannotOpenSecret,
  type OpenWith,
  openJsonSecret,
  openSecret,
} from '../../../functions/platform/crypto/open.ts';
import { sealSecret } from '../../../functions/platform/crypto/seal.ts';
import type { Sealed } from '../../../functions/platform/crypto/sealed.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { patient } from '../../support/patient.ts';

let backend: Backend;
let using: OpenWith;
beforeAll(async () => {
  backend = await startBackend();
  const kms = createKmsClient({ ...backend.client, requestHandler: patient });
  using = { kms, keyId: backend.credentialsKeyId, now: () => 0 };
}, 60_000);
afterAll(() => backend?.stop());

const context: SecretContext = { workspace_id: 'w-1', credential_id: 'c-1', version: 1 };
const credential = { access_key: 'AKIAIOSFODNN7EXAMPLE', secret_key: '한국 secret' };

/** A small generator with a fixed start, so that a failure repeats. */
function sequence(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
}

type Part = 'key' | 'iv' | 'tag' | 'data';
const parts: Part[] = ['key', 'iv', 'tag', 'data'];

function flipBit(sealed: Sealed, part: Part, bit: number): Sealed {
  const bytes = Uint8Array.from(sealed[part]);
  bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return { ...sealed, [part]: bytes };
}

/** Nothing but the one error, without a hint. */
async function expectClosed(opening: Promise<unknown>) {
  const outcome = await opening.then(
    () => 'opened',
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(CannotOpenSecret);
  expect(outcome).toEqual(new CannotOpenSecret());
}

describe('a sealed secret', () => {
  it('opens where it was sealed, as bytes and as an object', async () => {
    const bytes = Uint8Array.of(0, 1, 254, 255);
    expect(await openSecret(using, context, await sealSecret(using, context, bytes))).toEqual(Buffer.from(bytes));
    expect(await openJsonSecret(using, context, await sealSecret(using, context, credential))).toEqual(credential);
    expect(await openSecret(using, context, await sealSecret(using, context, new Uint8Array()))).toHaveLength(0);
  });

  it('opens after it was kept in the table', async () => {
    const at = { pk: 'SECRET', sk: '1' };
    await backend.table.write({ put: { ...at, sealed: await sealSecret(using, context, credential) } });
    const item = await backend.table.get(at);
    expect(await openJsonSecret(using, context, item?.['sealed'] as Sealed)).toEqual(credential);
  });

  it('does not open with any of 1,000 bits flipped, in whichever part', async () => {
    const sealed = await sealSecret(using, context, credential);
    const next = sequence(1);
    const flips = Array.from({ length: 1_000 }, (_, index) => {
      const part = parts[index % parts.length] as Part;
      return { part, bit: next(sealed[part].length * 8) };
    });
    for (let start = 0; start < flips.length; start += 20) {
      await Promise.all(
        flips
          .slice(start, start + 20)
          .map(({ part, bit }) => expectClosed(openSecret(using, context, flipBit(sealed, part, bit)))),
      );
    }
    expect(await openJsonSecret(using, context, sealed)).toEqual(credential);
  });

  it('does not open in any of 100 other places: workspaces, credentials, versions', async () => {
    const places = Array.from({ length: 101 }, (_, index): SecretContext => {
      return {
        workspace_id: `w-${index % 5}`,
        credential_id: `c-${Math.floor(index / 5) % 5}`,
        version: Math.floor(index / 25),
      };
    });
    const [home, ...others] = places as [SecretContext, ...SecretContext[]];
    const sealed = await sealSecret(using, home, credential);
    for (const other of others) await expectClosed(openSecret(using, other, sealed));
    expect(await openJsonSecret(using, home, sealed)).toEqual(credential);
  });

  it('does not open with a part of another secret, nor with fields that run together', async () => {
    const [one, other] = [await sealSecret(using, context, credential), await sealSecret(using, context, credential)];
    for (const part of parts) await expectClosed(openSecret(using, context, { ...one, [part]: other[part] }));
    const joined = await sealSecret(using, { ...context, workspace_id: 'w', credential_id: '-1c-1' }, credential);
    await expectClosed(openSecret(using, context, joined));
  });

  it('does not open with another key of KMS', async () => {
    const { KeyMetadata } = await using.kms.send(new CreateKeyCommand({}));
    await expectClosed(
      openSecret(
        { ...using, keyId: String(KeyMetadata?.KeyId) },
        context,
        await sealSecret(using, context, credential),
      ),
    );
  });

  it('of another stage opens where the key of that stage is named, and is sealed anew under our own alone', async () => {
    const { KeyMetadata } = await using.kms.send(new CreateKeyCommand({}));
    const theirs = { ...using, keyId: String(KeyMetadata?.Arn) };
    const moved = { ...using, formerKeyIds: [theirs.keyId] };
    const row = { workspace_id: 'w-1', id: 'c-1', secret_version: 1 } as Credential;
    const before = await sealSecret(theirs, context, credential);
    await expectClosed(openSecret(using, context, before));
    expect(await openJsonSecret(moved, context, before)).toEqual(credential);
    const after = await createResealData(moved)(row, before, { ...row, secret_version: 2 });
    expect(await openJsonSecret(using, { ...context, version: 2 }, after)).toEqual(credential);
  });

  it('that is no JSON does not open as an object, and shows nothing of itself', async () => {
    await expectClosed(openJsonSecret(using, context, await sealSecret(using, context, Buffer.from('{secret'))));
  });

  it('is as long as the secret, beside an iv, a tag and the wrapped key', async () => {
    const sealed = await sealSecret(using, context, Buffer.alloc(100));
    expect(sealed.data).toHaveLength(100);
    expect([sealed.iv.length, sealed.tag.length]).toEqual([12, 16]);
  });
});
