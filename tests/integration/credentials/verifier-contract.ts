import { describe, expect, it } from 'vitest';
import type { VerifyCredential } from '../../../functions/credentials/ports.ts';

/** What a cloud does that does not answer. */
export type Outage = 'throttled' | 'broken' | 'silent';

export interface VerifierSubject {
  verify: VerifyCredential;
  account: string;
  goodSecret: unknown;
  badSecrets: Readonly<Record<string, unknown>>;
  /** The next call of the cloud meets it. */
  fail(outage: Outage): void;
  /** How many outages have not been met. */
  pending(): number;
}

/** What every verifier must do, run on each of them. */
export function verifierContract(name: string, subject: () => VerifierSubject): void {
  describe(`${name}, a verification`, () => {
    it('names the account of a good secret', async () => {
      const { verify, goodSecret, account } = subject();
      expect(await verify(goodSecret)).toEqual({ ok: true, account });
    });

    it('turns each bad secret down, and says why', async () => {
      const { verify, badSecrets } = subject();
      expect(Object.keys(badSecrets).length).toBeGreaterThan(0);
      for (const [what, secret] of Object.entries(badSecrets)) {
        expect([what, await verify(secret)]).toEqual([what, { ok: false, reason: expect.any(String) }]);
      }
    });

    it.each(['throttled', 'broken', 'silent'] as const)(
      'says nothing of a secret while the cloud is %s',
      async (outage) => {
        const { verify, goodSecret, badSecrets, fail, pending } = subject();
        for (const secret of [goodSecret, Object.values(badSecrets)[0]]) {
          fail(outage);
          await expect(verify(secret)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
          expect(pending()).toBe(0);
        }
        expect(await verify(goodSecret)).toMatchObject({ ok: true });
      },
    );
  });
}
