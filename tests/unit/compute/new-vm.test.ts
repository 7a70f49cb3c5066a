import { describe, expect, it } from 'vitest';
import { maxTags, newVm, vm } from '../../../contracts/compute/vm.ts';
import { deletedHours, isForgotten, viewOf } from '../../../functions/compute/domain/vm.ts';
import { toDeletedVmItem, toVm, toVmItem } from '../../../functions/compute/store/vm-item.ts';
import { vmRecord } from './vm-record.ts';

const asked = { name: 'web-1', provider: 'aws', instance_type: 't3.micro', region: 'eu-west-1' };
const takes = (given: object) => newVm.safeParse({ ...asked, ...given }).success;
const tags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`key-${at}`, 'value']));

describe('what a VM may be asked with', () => {
  it('is a name, a provider, a type and a region at least', () => {
    expect(takes({})).toBe(true);
    for (const field of Object.keys(asked)) expect(takes({ [field]: undefined })).toBe(false);
  });

  it('names the provider in any case', () => {
    expect(newVm.parse({ ...asked, provider: 'AWS' }).provider).toBe('aws');
    expect(takes({ provider: 'other' })).toBe(false);
  });

  it('holds what EC2 takes of tags, and none of the names that are reserved', () => {
    expect([takes({ tags: tags(maxTags) }), takes({ tags: tags(maxTags + 1) })]).toEqual([true, false]);
    expect(takes({ tags: { 'team/a.b:c=d+e-f@g 가': 'any value' } })).toBe(true);
    expect(takes({ tags: { ['k'.repeat(129)]: '' } })).toBe(false);
    expect(takes({ tags: { key: 'v'.repeat(257) } })).toBe(false);
    for (const key of ['aws:name', 'AWS:x', 'skyclust:vm-id', '', 'a\nb', 'a<b'])
      expect(takes({ tags: { [key]: 'v' } })).toBe(false);
  });

  it('holds no names that could leave their place', () => {
    for (const region of ['eu-west-1/..?', 'eu west', 'a@b', '가']) expect(takes({ region })).toBe(false);
    expect(takes({ instance_type: 't3.micro\n' })).toBe(false);
  });

  it('says its expiry in UTC', () => {
    const { expires_at } = newVm.parse({ ...asked, expires_at: '2026-03-01T09:00:00+09:00' });
    expect(expires_at).toBe('2026-03-01T00:00:00.000Z');
  });

  it('expires in a year of four digits, in UTC too', () => {
    expect(takes({ expires_at: '9999-12-31T23:59:59+01:00' })).toBe(true);
    for (const expires_at of ['9999-12-31T23:59:59-01:00', '0000-01-01T00:00:00+01:00']) {
      const { error } = newVm.safeParse({ ...asked, expires_at });
      expect(error?.issues).toMatchObject([{ path: ['expires_at'], message: 'must be within the years 0000 to 9999' }]);
    }
  });
});

describe('the item of a VM', () => {
  const full = vmRecord({ instance_id: 'i-1', public_ip: '203.0.113.1', tags: { a: 'b' }, launch: 'sent', attempt: 1 });

  it('holds all of it, and reads as it was written', () => {
    expect(toVm(toVmItem(full))).toEqual(full);
    expect(toVm(toVmItem(vmRecord({})))).toEqual(vmRecord({}));
  });

  it('has no attribute for what is not known, since conditions ask whether it is there', () => {
    expect(toVmItem(vmRecord({}))).not.toHaveProperty('instance_id');
  });

  it('is an entity of the stream until it is deleted', () => {
    const at = new Date('2026-02-01T00:00:00.000Z');
    const deleted = toDeletedVmItem(full, at);
    expect([toVmItem(full).type, deleted['type'], deleted['ttl']]).toEqual([
      'vm',
      undefined,
      at.getTime() / 1_000 + 86_400,
    ]);
  });

  it('is under 1 KB without tags', () => {
    const address = '255.255.255.255';
    const at = '2026-02-01T00:00:00.000Z';
    const whole = vmRecord({
      instance_id: 'i-0123456789abcdef0',
      image_id: 'ami-0123456789abcdef0',
      key_pair: 'a-key-pair',
      public_ip: address,
      private_ip: address,
      observed_at: at,
      launched_at: at,
    });
    expect(JSON.stringify(toVmItem(whole)).length).toBeLessThan(1_024);
  });
});

describe('a VM as it is answered', () => {
  it('has every field of the contract and none of our own', () => {
    expect(vm.parse(viewOf(vmRecord({})))).toEqual(viewOf(vmRecord({})));
  });

  it('is forgotten a day after it was deleted, to the millisecond', () => {
    const deleted_at = '2026-02-01T00:00:00.000Z';
    const isForgottenIn = (milliseconds: number) =>
      isForgotten(vmRecord({ deleted_at }), new Date(Date.parse(deleted_at) + milliseconds));
    const day = deletedHours * 3_600_000;
    expect([isForgottenIn(day - 1), isForgottenIn(day)]).toEqual([false, true]);
    expect(isForgotten(vmRecord({}), new Date())).toBe(false);
  });
});
