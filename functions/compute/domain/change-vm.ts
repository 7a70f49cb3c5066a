import type * as z from 'zod';
import type { vmChange } from '../../../contracts/compute/vm.ts';
import { conflict } from '../../../contracts/errors.ts';
import type { VmRecord } from './vm.ts';

type Change = Omit<z.output<typeof vmChange>, 'instance_type'>;

const isSame = (a: VmRecord['tags'], b: VmRecord['tags']): boolean => {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((name) => a[name] === b[name]);
};

/** Keys that the machine may carry still: those that the provider has not been told to drop, and those that go now. */
const goneBy = (before: VmRecord, tags: VmRecord['tags']): string[] =>
  [...new Set([...before.tags_gone, ...Object.keys(before.tags)])].filter((name) => !Object.hasOwn(tags, name));

/** Keys have up to 128 characters, and the VM is one item: of a cloud that never answers it must not grow for ever. */
const mostGone = 500;

/** The VM as it is to be. A new name or new tags are for the provider, too: it is told of this version of them. */
export function changeVm(before: VmRecord, { name = before.name, tags = before.tags, expires_at }: Change): VmRecord {
  const after = { ...before, expires_at: expires_at === undefined ? before.expires_at : expires_at };
  if (name === before.name && isSame(tags, before.tags)) return after;
  const gone = goneBy(before, tags);
  if (gone.length > mostGone) throw conflict('vm.tags_untold');
  return { ...after, name, tags, tags_gone: gone, tags_version: before.version + 1 };
}
