import { absent } from '../../platform/table/fragment.ts';
import { key } from '../../platform/table/key.ts';
import { refused, unlessRefused } from '../../platform/table/refused.ts';
import type { Item, Table } from '../../platform/table/types.ts';
import type { Counts } from '../domain/count.ts';
import type { CountStore } from '../ports.ts';

const countsKey = { pk: 'SYSTEM', sk: 'COUNTS' };
const countedKey = (eventId: string) => ({ pk: key('COUNTED', eventId), sk: 'COUNTED' });

/** A message waits in a queue of dead letters for up to 14 days, and may have been counted before it went there. */
const rememberedSeconds = 15 * 86_400;

const isNumber = (entry: [string, unknown]): entry is [string, number] => typeof entry[1] === 'number';
const countsIn = (item: Item | undefined): Counts => Object.fromEntries(Object.entries(item ?? {}).filter(isNumber));

export function createCountStore(table: Table): CountStore {
  return {
    async counted(eventIds) {
      const items = await table.getMany(eventIds.map(countedKey));
      const known = new Set(items.map(({ pk }) => pk));
      return new Set(eventIds.filter((id) => known.has(countedKey(id).pk)));
    },
    add(eventIds, counts, now) {
      const names = Object.keys(counts);
      const ttl = Math.floor(now.getTime() / 1_000) + rememberedSeconds;
      const remember = eventIds.map((id) => ({
        put: { ...countedKey(id), ttl },
        condition: absent,
        otherwise: refused,
      }));
      const text = `ADD ${names.map((name) => `#${name} :${name}`).join(', ')}`;
      const add = names.length === 0 ? [] : [{ update: countsKey, change: { text, values: counts } }];
      return unlessRefused(table.transact([...remember, ...add]));
    },
    read: async () => countsIn(await table.get(countsKey)),
  };
}
