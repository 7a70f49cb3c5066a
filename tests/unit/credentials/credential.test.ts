import { describe, expect, it } from 'vitest';
import type { ApiError } from '../../../contracts/errors.ts';
import { changeCredential, newCredential, viewOf } from '../../../functions/credentials/domain/credential.ts';
import { useCredential } from '../../../functions/credentials/index.ts';
import { fromItem, toItem } from '../../../functions/credentials/store/credential-item.ts';
import type { Sealed } from '../../../functions/platform/crypto/sealed.ts';

const now = new Date('2026-01-31T09:30:00.000Z');
const later = new Date('2026-02-01T00:00:00.000Z');
const credential = newCredential({ id: 'c', workspaceId: 'w', provider: 'aws', now });

describe('a changed credential', () => {
  it('has a new version of its secret only where a secret came', () => {
    const renamed = changeCredential(credential, { name: 'new', newSecret: false }, later);
    expect([renamed.version, renamed.secret_version, renamed.updated_at]).toEqual([2, 1, later.toISOString()]);
    const replaced = changeCredential(renamed, { newSecret: true }, later);
    expect([replaced.name, replaced.version, replaced.secret_version]).toEqual(['new', 3, 2]);
  });

  it('is the same one where nothing changes', () => {
    expect(changeCredential(credential, { name: 'aws', is_active: true, newSecret: false }, later)).toBe(credential);
    expect(changeCredential(credential, { is_active: false, newSecret: false }, later).is_active).toBe(false);
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
