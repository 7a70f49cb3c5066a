import type { Item, Key } from '../../platform/table/types.ts';
import { deletedHours, type VmRecord } from '../domain/vm.ts';
import { deletedVmKey, vmKey } from './vm-keys.ts';

/** What is null is left out, so that conditions can ask whether it is there. */
const filled = (record: VmRecord, key: Key): Item => ({
  ...Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null)),
  ...key,
});

/** A VM without tags is some 900 bytes: 1 WCU. */
export const toVmItem = (vm: VmRecord): Item => ({ ...filled(vm, vmKey(vm.workspace_id, vm.id)), type: 'vm' });

/** It is no entity any more, so the stream does not deliver it. */
export const toDeletedVmItem = (vm: VmRecord, at: Date): Item => ({
  ...filled(vm, deletedVmKey(vm.workspace_id, vm.id)),
  ttl: Math.floor(at.getTime() / 1_000) + deletedHours * 3_600,
});

/** The values of attributes that an item leaves out. */
const unsaid = {
  image_id: null,
  key_pair: null,
  instance_id: null,
  public_ip: null,
  private_ip: null,
  expires_at: null,
  estimated_monthly_cost: null,
  status_reason: null,
  observed_at: null,
  launched_at: null,
  account: null,
  busy_since: null,
  request_id: null,
  scheduled_for: null,
  deleted_at: null,
  vcpus: 0,
  resize_to: null,
  restarted: null,
  tags_version: 1,
  tags_told: 1,
  has_user_data: false,
  work: 'create',
} satisfies Partial<VmRecord>;

export function toVm({ pk: _, sk: __, type: ___, ttl: ____, ...attributes }: Item): VmRecord {
  return { ...unsaid, tags_gone: [], ...(attributes as Omit<VmRecord, keyof typeof unsaid | 'tags_gone'>) };
}
