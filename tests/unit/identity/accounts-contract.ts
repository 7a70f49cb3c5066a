import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../contracts/errors.ts';
import type { Accounts, SignedIn } from '../../../functions/identity/ports.ts';
import type { TokenVerifier } from '../../../functions/platform/auth/verify-token.ts';
import { until } from '../../support/until.ts';

const password = 'correct horse 1';

/** What the product needs of accounts, wherever they are kept: run on the fake and on a user pool. */
export function describeAccounts(kind: string, make: () => { accounts: Accounts; verifyToken: TokenVerifier }) {
  describe(`accounts in ${kind}`, () => {
    async function signedIn(accounts: Accounts): Promise<SignedIn> {
      const userId = randomUUID();
      await accounts.create(userId, password);
      const outcome = await accounts.signIn(userId, password);
      if (outcome.kind !== 'signed_in') throw new Error(`the account is ${outcome.kind}`);
      return outcome;
    }

    it('give a token of their user and of a session of its own at each sign-in', async () => {
      const { accounts, verifyToken } = make();
      const first = await signedIn(accounts);
      const second = await accounts.signIn(first.userId, password);
      expect(await verifyToken(first.accessToken)).toEqual({
        userId: first.userId,
        sessionId: first.sessionId,
        expiresAt: first.expiresAt.getTime() / 1_000,
      });
      expect(second).toMatchObject({ kind: 'signed_in', userId: first.userId });
      expect((second as SignedIn).sessionId).not.toBe(first.sessionId);
    });

    it('live an hour by token and thirty days by refresh token', async () => {
      const { expiresAt, endsAt } = await signedIn(make().accounts);
      expect((expiresAt.getTime() - Date.now()) / 1_000).toBeGreaterThan(3_590);
      expect((expiresAt.getTime() - Date.now()) / 1_000).toBeLessThanOrEqual(3_600);
      expect((endsAt.getTime() - Date.now()) / 86_400_000).toBeCloseTo(30, 2);
    });

    it('refuse a wrong password, an unknown user and a password that no password can be', async () => {
      const { accounts } = make();
      const { userId } = await signedIn(accounts);
      for (const [id, tried] of [
        [userId, 'wrong horse 1'],
        [randomUUID(), password],
        [userId, ' '],
      ] as const) {
        expect(await accounts.signIn(id, tried)).toEqual({ kind: 'refused' });
      }
    });

    it('take another password from when it is set, and the one before no more; sessions go on', async () => {
      const { accounts } = make();
      const { userId, sessionId, refreshToken } = await signedIn(accounts);
      await accounts.setPassword(userId, 'other horse 2');
      expect(await accounts.signIn(userId, password)).toEqual({ kind: 'refused' });
      expect(await accounts.signIn(userId, 'other horse 2')).toMatchObject({ kind: 'signed_in', userId });
      expect(await accounts.refresh(refreshToken)).toMatchObject({ userId, sessionId });
    });

    it('are made by the setting of a password where there is none yet', async () => {
      const { accounts } = make();
      const userId = randomUUID();
      await accounts.setPassword(userId, password);
      expect(await accounts.signIn(userId, password)).toMatchObject({ kind: 'signed_in', userId });
    });

    it('keep the session of a refresh, and the refresh token', async () => {
      const { accounts, verifyToken } = make();
      const { userId, sessionId, refreshToken } = await signedIn(accounts);
      for (const _ of [1, 2]) {
        const tokens = await accounts.refresh(refreshToken);
        expect(tokens).toMatchObject({ userId, sessionId });
        expect(await verifyToken(tokens?.accessToken ?? '')).toMatchObject({ userId, sessionId });
      }
    });

    it('do not refresh what was revoked, removed or made up', async () => {
      const { accounts } = make();
      const [revoked, removed] = [await signedIn(accounts), await signedIn(accounts)];
      await accounts.revoke(revoked.refreshToken);
      await accounts.remove(removed.userId);
      for (const { refreshToken } of [revoked, removed, { refreshToken: 'made.up' }]) {
        expect(await accounts.refresh(refreshToken)).toBeUndefined();
      }
    });

    it('do not refresh what was signed out everywhere', async () => {
      const { accounts } = make();
      const { userId, refreshToken } = await signedIn(accounts);
      // The emulator dates tokens and sign-outs in whole seconds, and takes those of one second for later than it.
      await until('the refresh token is refused', async () => {
        await accounts.revokeAll(userId);
        return (await accounts.refresh(refreshToken)) === undefined;
      });
    });

    it('end one session of several by its refresh token', async () => {
      const { accounts } = make();
      const first = await signedIn(accounts);
      const second = (await accounts.signIn(first.userId, password)) as SignedIn;
      await accounts.revoke(first.refreshToken);
      expect(await accounts.refresh(second.refreshToken)).toMatchObject({ sessionId: second.sessionId });
    });

    it('forget who is removed, once or twice', async () => {
      const { accounts } = make();
      const { userId } = await signedIn(accounts);
      await accounts.remove(userId);
      await accounts.remove(userId);
      expect(await accounts.signIn(userId, password)).toEqual({ kind: 'refused' });
    });

    it('name the password when it is what they do not take', async () => {
      const error = await make()
        .accounts.create(randomUUID(), 'no digits here')
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ApiError);
      expect(error).toMatchObject({ code: 'VALIDATION_ERROR', data: { issues: [{ path: 'body.password' }] } });
    });
  });
}
