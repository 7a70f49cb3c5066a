import type { VmContext } from '../../platform/crypto/context.ts';
import { type OpenWith, openSecret } from '../../platform/crypto/open.ts';
import { type SealWith, sealSecret } from '../../platform/crypto/seal.ts';
import type { Sealed } from '../../platform/crypto/sealed.ts';
import type { Table } from '../../platform/table/types.ts';
import type { VmRecord } from '../domain/vm.ts';
import type { UserDataStore } from '../ports.ts';
import { userDataKey } from './vm-keys.ts';

const contextOf = ({ workspace_id, id }: Pick<VmRecord, 'workspace_id' | 'id'>): VmContext => ({
  workspace_id,
  vm_id: id,
});

/** Every creation ends within minutes, and drops it then; this is for what nobody foresaw. */
const keptSeconds = 86_400;

/** Can seal, not open: what the API asks of it. 16 KB of user data are 34 WCU. */
export const createUserDataStore = (using: SealWith): UserDataStore => ({
  seal: (vm, userData) => sealSecret(using, contextOf(vm), Buffer.from(userData, 'utf8')),
  insert: ({ id }, sealed, now) => ({
    put: { ...userDataKey(id), sealed, ttl: Math.floor(now.getTime() / 1_000) + keptSeconds },
  }),
});

/** For the launch alone: one read, one call of KMS, and the caller wipes what it gets. Throws CannotOpenSecret, also where there is none. */
export const openUserData =
  ({ table, ...using }: OpenWith & { table: Table }) =>
  async (vm: VmRecord): Promise<Uint8Array> => {
    const item = await table.get(userDataKey(vm.id));
    return openSecret(using, contextOf(vm), (item?.['sealed'] ?? {}) as Sealed);
  };
