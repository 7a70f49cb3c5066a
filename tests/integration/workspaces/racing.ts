import {
  createTable,
  createTableClient,
  type Item,
  type Table,
  type Write,
} from '../../../functions/platform/table/index.ts';
import { awaitCrowd } from '../../support/crowd.ts';
import type { Backend } from '../../support/in-process-backend.ts';
import { patient } from '../../support/patient.ts';

export const racingTable = ({ client, tableName }: Backend): Table =>
  createTable({ client: createTableClient({ ...client, requestHandler: patient }), tableName, now: () => 0 });

/** So many look before the first of them writes, as they do where a crowd meets one item: how fast the machine is does not decide. */
const lookersAtOnce = 12;

/**
 * The control of a race: writes that fit `which` lose their guard and get a look before the write instead, as a careless program would have it. `allows`
 * says whether the item as it was read lets the write through.
 */
export function checkThenAct(
  table: Table,
  which: (write: Write) => boolean,
  allows: (item: Item | undefined) => boolean,
): Table {
  const crowd = awaitCrowd(lookersAtOnce);
  const careless = async (write: Write): Promise<Write> => {
    if (!('update' in write) || !which(write)) return write;
    const item = await table.get(write.update);
    await crowd();
    if (!allows(item)) throw write.otherwise?.(item) ?? new Error('refused');
    return { update: write.update, change: write.change };
  };
  return {
    ...table,
    transact: async (writes, token) => table.transact(await Promise.all(writes.map(careless)), token),
  };
}

/**
 * The control where several guards hold one rule: none of them is left, only what the use case saw before it wrote. Callers come two by two, and neither
 * writes before the other has looked.
 */
export function unguarded(table: Table): Table {
  let waiting: PromiseWithResolvers<void> | undefined;
  const bothHaveLooked = (): Promise<void> => {
    const first = waiting;
    if (first === undefined) {
      waiting = Promise.withResolvers<void>();
      return waiting.promise;
    }
    waiting = undefined;
    first.resolve();
    return first.promise;
  };
  return {
    ...table,
    async transact(writes, token) {
      await bothHaveLooked();
      return table.transact(writes.flatMap(withoutGuard), token);
    },
  };
}

function withoutGuard(write: Write): Write[] {
  if ('check' in write) return [];
  if ('put' in write) return [{ put: write.put }];
  if ('update' in write) return [{ update: write.update, change: write.change }];
  return [{ delete: write.delete }];
}
