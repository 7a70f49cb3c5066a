import { expect, it } from 'vitest';
import { changeVm } from '../../../functions/compute/domain/change-vm.ts';
import { vmRecord } from './vm-record.ts';

const vm = (tags: Record<string, string>, tags_gone: string[]) =>
  vmRecord({ tags, tags_gone, tags_version: 1, version: 4 });

it('remembers which tags the machine may carry still', () => {
  const after = changeVm(vm({ a: '1', b: '2' }, ['c']), { tags: { b: '3', c: '4' } });
  expect([after.tags, after.tags_gone, after.tags_version]).toEqual([{ b: '3', c: '4' }, ['a'], 5]);
});

it('takes no new tags while a cloud has not been told of 500 that went before', () => {
  const gone = Array.from({ length: 500 }, (_, nth) => `gone-${nth}`);
  expect(changeVm(vm({}, gone), { tags: { a: '1' } }).tags_gone).toHaveLength(500);
  expect(() => changeVm(vm({ a: '1' }, gone), { tags: {} })).toThrow('vm.tags_untold');
  expect(changeVm(vm({ a: '1' }, gone), { expires_at: '2026-02-01T00:00:00.000Z' }).tags).toEqual({ a: '1' });
});
