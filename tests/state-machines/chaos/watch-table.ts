import { type VmStatus, vmStates } from '../../../contracts/compute/vm-states.ts';
import type { Change } from '../../../functions/platform/outbox/effect.ts';
import type { Item, Key, Table, Write } from '../../../functions/platform/table/types.ts';

const keyOf = (write: Write): Key =>
  'put' in write ? write.put : 'update' in write ? write.update : 'delete' in write ? write.delete : write.check;

/** Where the state table leads from here, by whomever. */
function nextOf(status: VmStatus): VmStatus[] {
  const { busy, actions, observed } = vmStates[status];
  const steps = [...Object.values(actions), ...Object.values(observed)].map(({ next }) => next);
  return [...steps, ...(busy === undefined ? [] : [busy.done, busy.failed])];
}

/** What the table's stream would tell of VMs, and what has become of timers and notices. */
export interface Watched {
  table: Table;
  timers: Map<string, Item>;
  /** How often each notice was written. */
  notices: Map<string, number>;
  /** Changes of a VM's state that the state table does not have. */
  strayed: string[];
}

/** A table whose calls come one after another. */
export function watchTable(inner: Table, tell: (change: Change) => void): Watched {
  const timers: Watched['timers'] = new Map();
  const notices: Watched['notices'] = new Map();
  const strayed: Watched['strayed'] = [];
  let told = 0;

  async function watched<Result>(writes: readonly Write[], work: () => Promise<Result>): Promise<Result> {
    const keys = writes.filter((write) => !('check' in write)).map(keyOf);
    const vms = keys.filter(({ pk, sk }) => pk.startsWith('WS#') && sk.startsWith('VM#') && !sk.includes('~'));
    const before = await Promise.all(vms.map((key) => inner.get({ pk: key.pk, sk: key.sk })));
    const result = await work();
    for (const write of writes) {
      const { pk, sk } = keyOf(write);
      if (pk.startsWith('TIMER#') && 'put' in write) timers.set(`${pk} ${sk}`, write.put);
      if (pk.startsWith('TIMER#') && 'delete' in write) timers.delete(`${pk} ${sk}`);
      if (pk.startsWith('NOTICE#')) notices.set(pk, (notices.get(pk) ?? 0) + 1);
    }
    for (const [at, key] of vms.entries()) {
      const [old, after] = [before[at], await inner.get({ pk: key.pk, sk: key.sk })];
      const [from, to] = [old?.['status'] as VmStatus | undefined, after?.['status'] as VmStatus | undefined];
      if (from !== undefined && to !== undefined && from !== to && !nextOf(from).includes(to))
        strayed.push(`a VM that went from ${from} to ${to}`);
      told += 1;
      const event = old === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY';
      const items = { ...(old && { before: old }), ...(after && { after }) };
      tell({ type: 'vm', event, id: String(told), at: '2026-02-01T00:00:00.000Z', ...items });
    }
    return result;
  }

  const table: Table = {
    ...inner,
    write: (write, returning) => watched([write], () => inner.write(write, returning)),
    transact: (writes, token) => watched(writes, () => inner.transact(writes, token)),
  };
  return { table, timers, notices, strayed };
}
