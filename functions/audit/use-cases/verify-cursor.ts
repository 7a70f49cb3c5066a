import { invalidCursor, readListCursor, writeListCursor } from '../../platform/api/list-cursor.ts';
import type { Progress } from './verify-chain.ts';

/** Where a verification goes on. */
export interface VerifyState {
  /** Rows made at this time or later are not asked for in the chain yet. The same through all calls of a verification. */
  horizon: string;
  month: string;
  scope: string;
  /** The chain of this scope and month is done; else `progress` says how far. */
  finished: boolean;
  progress: Progress;
}

const time = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z';
const form = new RegExp(
  `^(${time}) (\\d{4}-(?:0[1-9]|1[0-2])) ([\\w-]{1,64}) ([01]) (\\d{1,10}) ([\\w-]{43})? (\\d{1,9}) (\\d{1,9}) (${time}#[\\w-]{1,64})?$`,
);

export function writeVerifyCursor(list: string, { horizon, month, scope, finished, progress }: VerifyState): string {
  const { seq, hash, lying, chained, read } = progress;
  return writeListCursor(list, [horizon, month, scope, finished ? 1 : 0, seq, hash, lying, chained, read].join(' '));
}

export function readVerifyCursor(list: string, cursor: string): VerifyState {
  const match = form.exec(readListCursor(list, cursor));
  if (match === null) throw invalidCursor();
  const [, horizon = '', month = '', scope = '', finished, seq, hash = '', lying, chained, read = ''] = match;
  const progress = { seq: Number(seq), hash, lying: Number(lying), chained: Number(chained), read };
  return { horizon, month, scope, finished: finished === '1', progress };
}
