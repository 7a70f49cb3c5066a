import type { AwsRoleSecret } from './aws-secret.ts';
import type { AwsSession } from './sts.ts';

/** A session that has less left is not begun with: a step of a state machine takes up to 3 minutes. */
const marginMs = 5 * 60_000;
/** In one process, of which each workflow keeps few busy. */
const most = 100;

export interface SessionSource {
  assume: (role: AwsRoleSecret) => Promise<AwsSession>;
  now: () => number;
}

/**
 * Sessions of roles, kept until 5 minutes before they end. A credential's external id is its own, so with the role's ARN it names the credential as it
 * stands: another role, or another credential of the same role, has a session of its own. Calls at once share one; a failure is not kept.
 */
export function createSessions({ assume, now }: SessionSource): (role: AwsRoleSecret) => Promise<AwsSession> {
  const kept = new Map<string, Promise<AwsSession>>();

  return async function sessionOf(role) {
    const key = JSON.stringify([role.role_arn, role.external_id]);
    const known = kept.get(key);
    if (known !== undefined) {
      const session = await known;
      if (session.expiration.getTime() - now() > marginMs) return session;
      if (kept.get(key) === known) kept.delete(key);
      return sessionOf(role);
    }
    const session = assume(role);
    kept.set(key, session);
    session.catch(() => kept.get(key) === session && kept.delete(key));
    const [oldest] = kept.keys();
    if (kept.size > most && oldest !== undefined) kept.delete(oldest);
    return session;
  };
}
