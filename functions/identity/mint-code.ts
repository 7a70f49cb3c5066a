import { randomBytes } from 'node:crypto';
import type { CodePurpose } from '../../contracts/internal-events.ts';
import type { Language } from '../../contracts/messages.ts';
import { equals } from '../platform/table/fragment.ts';
import { refused, unlessRefused } from '../platform/table/refused.ts';
import type { Table } from '../platform/table/types.ts';
import { awaitsMail, codeBytes, codeLifetimeMs, codeText, hashCode } from './domain/code.ts';
import { codeFrom } from './store/code-item.ts';
import { codeKey, userKey } from './store/keys.ts';
import { userFrom } from './store/user-store.ts';

export interface MintedCode {
  code: string;
  email: string;
  name: string;
  language: Language;
  /** ISO 8601. */
  expiresAt: string;
}

interface Wish {
  user_id: string;
  purpose: CodePurpose;
  nonce: string;
  now: Date;
}

/**
 * Makes the code of a wish as its mail is sent, and answers it with whom to mail it to. Only its hash is kept: a mail that is sent again has a code of its
 * own, which takes the place of the first. Undefined where no mail is due any more: another code was asked for, this one was spent, the address is verified,
 * the user is gone or disabled, or the wish is older than its code would live.
 */
export async function mintCode(table: Table, { user_id, purpose, nonce, now }: Wish): Promise<MintedCode | undefined> {
  const key = codeKey(user_id, purpose);
  const items = await table.getMany([userKey(user_id), key]);
  const [userItem, codeItem] = [items.find(({ sk }) => sk === 'USER'), items.find(({ sk }) => sk === key.sk)];
  if (userItem === undefined || codeItem === undefined) return undefined;
  const user = userFrom(userItem);
  const isMoot = !user.is_active || (purpose === 'verify_email' && user.email_verified);
  if (isMoot || !awaitsMail(codeFrom(codeItem), nonce, now)) return undefined;

  const code = codeText(randomBytes(codeBytes));
  const salt = new Uint8Array(randomBytes(16));
  const expiresAt = new Date(now.getTime() + codeLifetimeMs[purpose]).toISOString();
  const values = { hash: hashCode(code, user.email, salt), salt, at: expiresAt };
  // The tries stay: they count against the wish, however often it is mailed.
  const isLatest = await unlessRefused(
    table.write({
      update: key,
      change: { text: 'SET #hash = :hash, #salt = :salt, #expires_at = :at', values },
      condition: equals('nonce', nonce),
      otherwise: refused,
    }),
  );
  if (!isLatest) return undefined;
  return { code, email: user.email, name: user.name, language: codeFrom(codeItem).language, expiresAt };
}
