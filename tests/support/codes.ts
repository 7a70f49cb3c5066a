import { randomUUID } from 'node:crypto';
import type { CodePurpose } from '../../contracts/internal-events.ts';
import { mintCode } from '../../functions/identity/index.ts';
import { createTable, createTableClient, type Table } from '../../functions/platform/table/index.ts';
import type { SharedStack } from './global-setup.ts';

export const tableOf = ({ client, outputs }: Pick<SharedStack, 'client' | 'outputs'>): Table =>
  createTable({ client: createTableClient(client), tableName: String(outputs.TableName) });

/**
 * The code of a user's last wish, made here: the wish is given a nonce that the stream does not tell of, so that the sender of mails, which may come to it at
 * any time, finds it superseded.
 */
export async function takeCode(table: Table, userId: string, purpose: CodePurpose): Promise<string> {
  const nonce = randomUUID();
  await table.write({
    update: { pk: `USER#${userId}`, sk: `CODE#${purpose}` },
    change: { text: 'SET #nonce = :nonce REMOVE #type', values: { nonce } },
    condition: { text: 'attribute_exists(#pk)' },
    otherwise: () => new Error(`no code for ${purpose} was asked for`),
  });
  const minted = await mintCode(table, { user_id: userId, purpose, nonce, now: new Date() });
  if (minted === undefined) throw new Error(`no code is made for ${purpose}`);
  return minted.code;
}
