import { createHash } from 'node:crypto';
import { ApiError } from '../../../contracts/errors.ts';
import { orRefused, Refused, refused } from '../../platform/table/refused.ts';
import type { Item, Key, PlainWrite, Table } from '../../platform/table/types.ts';
import {
  attemptMark,
  attemptWindowSeconds,
  mostFailuresPerAccount,
  mostFailuresPerAddress,
  staleMarks,
  waitSeconds,
} from '../domain/sign-in-attempts.ts';
import { foldEmail } from '../domain/user.ts';
import type { Attempt, AttemptKind, AttemptStore } from '../ports.ts';
import { attemptsKey } from './keys.ts';

const accountOf = (kind: AttemptKind, email: string) =>
  `${kind === 'code' ? 'c' : 'a'}_${createHash('sha256').update(foldEmail(email)).digest('base64url').slice(0, 11)}`;

function marksIn(item: Item | undefined, attribute: string): string[] {
  const marks = item?.[attribute];
  return marks instanceof Set ? [...(marks as Set<string>)] : [];
}

const countIn = (key: Key, account: string, mark: string, now: Date): PlainWrite => ({
  update: key,
  change: {
    text: 'ADD #all :mark, #account :mark SET #ttl = :ttl',
    values: { mark: new Set([mark]), ttl: Math.floor(now.getTime() / 1_000) + 2 * attemptWindowSeconds },
    names: { account },
  },
  condition: {
    text:
      '(attribute_not_exists(#all) OR size(#all) < :address_limit) AND ' +
      '(attribute_not_exists(#account) OR size(#account) < :account_limit)',
    values: { address_limit: mostFailuresPerAddress, account_limit: mostFailuresPerAccount },
    names: { account },
  },
  otherwise: refused,
});

/** Takes these marks out of the sets that hold some of them. */
function erase(key: Key, marks: readonly string[], sets: readonly string[]): PlainWrite {
  const names = Object.fromEntries(sets.map((set, at) => [`set_${at}`, set]));
  const text = `DELETE ${sets.map((_, at) => `#set_${at} :marks`).join(', ')}`;
  return { update: key, change: { text, values: { marks: new Set(marks) }, names } };
}

const secondsToWait = (item: Item | undefined, account: string, now: Date) =>
  Math.max(
    waitSeconds(marksIn(item, 'all'), mostFailuresPerAddress, now),
    waitSeconds(marksIn(item, account), mostFailuresPerAccount, now),
  );

export const createAttemptStore = (table: Table): AttemptStore => ({
  async reserve(kind, address, email, now, id) {
    const [key, account, mark] = [attemptsKey(address), accountOf(kind, email), attemptMark(now, id)];
    // A right code says more than a password does: it forgives the wrong passwords, too.
    const forgiven = kind === 'code' ? [account, accountOf('password', email)] : [account];
    for (;;) {
      const counted = await orRefused(table.write(countIn(key, account, mark, now), 'new'));
      if (!(counted instanceof Refused)) {
        const marks = forgiven.flatMap((set) => marksIn(counted, set));
        return { address, sets: ['all', ...forgiven], mark, marks };
      }
      const wait = secondsToWait(counted.old, account, now);
      if (wait > 0)
        throw new ApiError('RATE_LIMITED', kind === 'code' ? 'code.locked' : 'auth.locked', {
          retryAfterSeconds: wait,
        });
      // Full of marks that count no more: once in a hundred attempts at most.
      const stale = staleMarks(marksIn(counted.old, 'all'), now);
      const sets = Object.keys(counted.old ?? {}).filter((name) =>
        marksIn(counted.old, name).some((one) => stale.includes(one)),
      );
      await table.write(erase(key, stale, sets));
    }
  },

  forgive: ({ address, sets, marks }: Attempt) => erase(attemptsKey(address), marks, sets),

  async release({ address, sets, mark }) {
    await table.write(erase(attemptsKey(address), [mark], sets));
  },
});
