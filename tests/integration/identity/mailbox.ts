import type { CodePurpose } from '../../../contracts/internal-events.ts';
import type { Code } from '../../../functions/identity/domain/code.ts';
import { type MintedCode, mintCode } from '../../../functions/identity/index.ts';
import { createCodeStore } from '../../../functions/identity/store/code-store.ts';
import type { Table } from '../../../functions/platform/table/types.ts';

export const wishOf = async (table: Table, userId: string, purpose: CodePurpose): Promise<Code | undefined> =>
  (await createCodeStore(table).load(userId, [purpose])).codes[0];

/** What the sender of mails sends for a user's last wish. */
export async function mailOf(
  table: Table,
  userId: string,
  purpose: CodePurpose,
  now = new Date(),
): Promise<MintedCode> {
  const wish = await wishOf(table, userId, purpose);
  const mail = wish && (await mintCode(table, { user_id: userId, purpose, nonce: wish.nonce, now }));
  if (mail === undefined) throw new Error(`no mail is due to ${userId} for ${purpose}`);
  return mail;
}
