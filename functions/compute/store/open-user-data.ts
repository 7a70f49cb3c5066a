import { type OpenWith, openSecret } from '../../platform/crypto/open.ts';
import type { Sealed } from '../../platform/crypto/sealed.ts';
import type { Table } from '../../platform/table/types.ts';
import type { VmRecord } from '../domain/vm.ts';
import { userDataContext } from './user-data-context.ts';
import { userDataKey } from './vm-keys.ts';

/** For the launch alone: one read, one call of KMS, and the caller wipes what it gets. Throws CannotOpenSecret, also where there is none. */
export const openUserData =
  ({ table, ...using }: OpenWith & { table: Table }) =>
  async (vm: VmRecord): Promise<Uint8Array> => {
    const item = await table.get(userDataKey(vm.id));
    return openSecret(using, userDataContext(vm), (item?.['sealed'] ?? {}) as Sealed);
  };
