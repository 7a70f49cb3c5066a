import { describe, expect, it } from 'vitest';
import type { ApiError } from '../../../contracts/errors.ts';
import {
  changeCredential,
  changesAccount,
  newCredential,
  rotatedCredential,
  verifiedCredential,
  viewWith,
} from '../../../functions/credentials/domain/credential.ts';
import { useCredential } from '../../../functions/credentials/index.ts';
import { fromItem, toItem } from '../../../functions/credentials/store/credential-item.ts';
import type { Sealed } from '../../../functions/platform/crypto/sealed.ts';

const now = new Date('2026-01-31T09:30:00.000Z');
const later = new Date('2026-02-01T00:00:00.000Z');
const credential = newCredential({ id: 'c', workspaceId: 'w', provider: 'aws', keyless: null, now });
const role = { role_arn: 'arn:aws:iam::444455556666:role/skyclust', external_id: 'external' };
const keyless = newCredential({ id: 'k', workspaceId: 'w', provider: 'aws', keyless: role, now });
const keys = { secret: { keyless: null } };
const viewOf = viewWith('arn:aws:iam::111122223333:role/skyclust-dev-visitor-*');

describe('a changed credential', () => {
  it('has a new version of its secret only where a secret came', () => {
    const renamed = changeCredential(credential, { name: 'new' }, later);
    expect([renamed.version, renamed.secret_version, renamed.updated_at]).toEqual([2, 1, later.toISOString()]);
    const replaced = changeCredential(renamed, keys, later);
    expect([replaced.name, replaced.version, replaced.secret_version]).toEqual(['new', 3, 2]);
  });

  it('is the same one where nothing changes', () => {
    expect(changeCredential(credential, { name: 'aws', is_active: true }, later)).toBe(credential);
    expect(changeCredential(credential, { is_active: false }, later).is_active).toBe(false);
  });
});

describe('a keyless credential', () => {
  const verified = verifiedCredential(keyless, later);

  it('is active once it is verified, and can not be made so before', () => {
    expect([keyless.is_active, keyless.keyless?.verified_at]).toEqual([false, null]);
    expect(() => changeCredential(keyless, { is_active: true }, later)).toThrow('credential.not_verified');
    expect(changeCredential(keyless, { name: 'new' }, later).is_active).toBe(false);
    expect([verified.is_active, verified.keyless?.verified_at, verified.version, verified.secret_version]).toEqual([
      true,
      later.toISOString(),
      2,
      1,
    ]);
  });

  it('that somebody disabled is not made active by another verification', () => {
    const disabled = changeCredential(verified, { is_active: false }, later);
    expect(verifiedCredential(disabled, later)).toBe(disabled);
    expect(changeCredential(disabled, { is_active: true }, later).is_active).toBe(true);
    expect(verifiedCredential(credential, later)).toBe(credential);
  });

  it('that somebody disabled before it was verified, or before another role came, stays so', () => {
    const early = changeCredential(keyless, { is_active: false }, later);
    expect([early.version, verifiedCredential(early, later).is_active]).toEqual([2, false]);
    const other = { secret: { keyless: { ...role, role_arn: 'arn:aws:iam::444455556666:role/other' } } };
    const moved = changeCredential(changeCredential(verified, { is_active: false }, later), other, later);
    const again = verifiedCredential(moved, later);
    expect([again.is_active, again.keyless?.verified_at]).toEqual([false, later.toISOString()]);
    expect(changeCredential(again, { is_active: true }, later).is_active).toBe(true);
  });

  it('was enabled if it was written before that was noted, and inactive for want of verification alone', () => {
    const { enabled: _, ...old } = toItem(keyless, {} as Sealed);
    expect(fromItem(old as never).enabled).toBe(true);
    expect(fromItem({ ...old, is_active: false, keyless: null } as never).enabled).toBe(false);
    expect(fromItem({ ...old, is_active: true, keyless: null } as never).enabled).toBe(true);
  });

  it('changes its account with the account of its role; of a key nobody knows', () => {
    const of = (account: string) =>
      changeCredential(
        verified,
        { secret: { keyless: { ...role, role_arn: `arn:aws:iam::${account}:role/x` } } },
        later,
      );
    expect(changesAccount(verified, of('444455556666'))).toBe(false);
    expect(changesAccount(verified, of('777788889999'))).toBe(true);
    expect(changesAccount(verified, changeCredential(verified, keys, later))).toBe(false);
    expect(changesAccount(credential, of('777788889999'))).toBe(false);
  });

  it('has to be verified anew for another role, and not for the same', () => {
    const same = changeCredential(verified, { secret: { keyless: role } }, later);
    expect([same.is_active, same.keyless?.verified_at]).toEqual([true, later.toISOString()]);
    const other = { secret: { keyless: { ...role, role_arn: 'arn:aws:iam::444455556666:role/other' } } };
    const moved = changeCredential(verified, other, later);
    expect([moved.is_active, moved.keyless?.verified_at]).toEqual([false, null]);
    expect(() => changeCredential(verified, { ...other, is_active: true }, later)).toThrow('credential.not_verified');
  });

  it('that is given a key is keyless no more, and as active as its user wanted', () => {
    const keyed = changeCredential(keyless, keys, later);
    expect([keyed.keyless, keyed.is_active]).toEqual([null, true]);
    const disabled = changeCredential(verified, { is_active: false }, later);
    expect(changeCredential(disabled, keys, later).is_active).toBe(false);
    expect(changeCredential(credential, { secret: { keyless: role } }, later)).toMatchObject({
      is_active: false,
      keyless: { ...role, verified_at: null },
    });
  });

  it('shows the trust policy to paste, and the others show none', () => {
    expect(viewOf(verified)).toMatchObject({ ...role, verified_at: later.toISOString() });
    expect(viewOf(verified)).not.toHaveProperty('keyless');
    expect(Object.keys(viewOf(credential)).toSorted()).toEqual(
      ['created_at', 'id', 'is_active', 'name', 'provider', 'updated_at', 'version', 'workspace_id'].toSorted(),
    );
  });
});

describe('a rotated credential', () => {
  it('is the same one, with a secret of the next version', () => {
    const rotated = rotatedCredential(keyless, later);
    expect(rotated).toEqual({ ...keyless, version: 2, secret_version: 2, updated_at: later.toISOString() });
  });
});

describe('what leaves the store', () => {
  it('holds nothing of the secret, sealed or not', () => {
    const sealed = { v: 1, data: new Uint8Array([1]) } as Sealed;
    const item = toItem(credential, sealed);
    expect(item['sealed']).toBe(sealed);
    expect(fromItem(item)).toEqual(credential);
    expect(viewOf(fromItem(item))).not.toHaveProperty('secret_version');
  });
});

describe('using a credential', () => {
  const used = { workspaceId: 'w', credentialId: 'c', provider: 'aws' } as const;
  const refusalOf = (uses: number, old?: object) =>
    useCredential(used, uses).otherwise?.(old && { pk: '', sk: '', ...old }) as ApiError;

  it('asks for one that is active and of the provider; giving it back asks for it alone', () => {
    expect(useCredential(used, 3)).toMatchObject({
      update: { pk: 'WS#w', sk: 'CREDENTIAL#c' },
      change: { values: { uses: 3 } },
      condition: { text: '#is_active = :active AND #provider = :provider' },
    });
    expect(useCredential(used, -3)).toMatchObject({ condition: { text: 'attribute_exists(#pk)' } });
  });

  it('is refused for what is wrong', () => {
    expect(refusalOf(1).code).toBe('NOT_FOUND');
    const other = refusalOf(1, { provider: 'gcp', is_active: true });
    expect([other.messageKey, other.params]).toEqual(['credential.other_provider', { provider: 'gcp' }]);
    expect(refusalOf(1, { provider: 'aws', is_active: false }).messageKey).toBe('credential.inactive');
  });
});
