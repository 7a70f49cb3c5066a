import type { VmEvent } from '../../../contracts/compute/vm-event.ts';
import { invalidCursor, readListCursor, writeListCursor } from '../../platform/api/list-cursor.ts';
import type { Counted } from '../../platform/api/stream-page.ts';

/** A page goes on behind this row, and shows the total that was counted for the first. */
export const writeHistoryCursor = (list: string, { at, id }: Pick<VmEvent, 'at' | 'id'>, counted: Counted): string =>
  writeListCursor(list, `${at} ${id} ${counted.total} ${counted.capped}`);

const state = /^(?<at>[\d:.TZ-]{20,30}) (?<id>[\da-f-]{36}) (?<total>\d{1,4}) (?<capped>true|false)$/;

export function readHistoryCursor(list: string, cursor: string): Counted & { after: Pick<VmEvent, 'at' | 'id'> } {
  const { at, id, total, capped } = state.exec(readListCursor(list, cursor))?.groups ?? {};
  if (at === undefined || id === undefined) throw invalidCursor();
  return { after: { at, id }, total: Number(total), capped: capped === 'true' };
}
