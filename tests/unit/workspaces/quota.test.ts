import { describe, expect, it } from 'vitest';
import type { ApiError } from '../../../contracts/errors.ts';
import type { Item, Write } from '../../../functions/platform/table/types.ts';
import { exceededBy, type Quota, raiseOf, usedOf } from '../../../functions/workspaces/domain/quota.ts';
import { activeCheck, quotaMove } from '../../../functions/workspaces/index.ts';

const quota: Quota = {
  active: true,
  max: { vms: 20, vcpus: 64, credentials: 50 },
  left: { vms: 1, vcpus: 60, credentials: 0 },
  owners: 1,
  members: 1,
  version: 1,
};

const item: Item = {
  pk: 'WS#w',
  sk: 'QUOTA',
  active: true,
  max_vms: 20,
  max_vcpus: 64,
  max_credentials: 50,
  left_vms: 1,
  left_vcpus: 60,
  left_credentials: 0,
};

const refusalOf = (write: Write, old: Item | undefined) => write.otherwise?.(old) as ApiError;

describe('a quota', () => {
  it('tells what is used and which resource a move exceeds', () => {
    expect([usedOf(quota, 'vms'), usedOf(quota, 'vcpus'), usedOf(quota, 'credentials')]).toEqual([19, 4, 50]);
    expect(exceededBy(quota, { vms: 1, vcpus: 60 })).toBeUndefined();
    expect(exceededBy(quota, { vms: 2, vcpus: 61 })).toBe('vms');
    expect(exceededBy(quota, { vms: 1, vcpus: 61 })).toBe('vcpus');
    expect(exceededBy(quota, { credentials: -1 })).toBeUndefined();
  });

  it('rises by the difference, and only where it changes', () => {
    expect(raiseOf(quota, { max_vms: 25, max_vcpus: 64, max_credentials: undefined })).toEqual({ vms: 5 });
    expect(raiseOf(quota, { max_credentials: 0 })).toEqual({ credentials: -50 });
    expect(raiseOf(quota, {})).toEqual({});
  });
});

describe('a move of a quota', () => {
  it('asks for an active workspace and enough of each resource that it takes', () => {
    const write = quotaMove('w', { vms: 1, vcpus: 2, credentials: -1 });
    expect(write).toMatchObject({
      update: { pk: 'WS#w', sk: 'QUOTA' },
      change: { text: 'ADD #left_vms :left_vms, #left_vcpus :left_vcpus, #left_credentials :left_credentials' },
      condition: { text: '#active = :active AND #left_vms >= :need_vms AND #left_vcpus >= :need_vcpus' },
    });
    expect(write).toMatchObject({ change: { values: { left_vms: -1, left_vcpus: -2, left_credentials: 1 } } });
  });

  it('that only gives back asks for nothing but that the workspace is there', () => {
    expect(quotaMove('w', { vms: -1, vcpus: 0 })).toMatchObject({ condition: { text: 'attribute_exists(#pk)' } });
  });

  it('by nothing is a mistake of the program', () => {
    expect(() => quotaMove('w', { vms: 0 })).toThrow(TypeError);
  });

  it('is refused for what is missing, in this order: the workspace, its being active, a resource', () => {
    const write = quotaMove('w', { vms: 2 });
    expect(refusalOf(write, undefined).code).toBe('NOT_FOUND');
    expect(refusalOf(write, { ...item, active: false }).messageKey).toBe('workspace.inactive');
    const exceeded = refusalOf(write, item);
    expect([exceeded.messageKey, exceeded.params, exceeded.data]).toEqual([
      'quota.vms_exceeded',
      { max: 20 },
      { reason: 'QUOTA_EXCEEDED', resource: 'vms', max: 20, used: 19 },
    ]);
  });

  it('refuses as the check alone does', () => {
    expect(refusalOf(activeCheck('w'), undefined).code).toBe('NOT_FOUND');
    expect(refusalOf(activeCheck('w'), { ...item, active: false }).messageKey).toBe('workspace.inactive');
  });
});
