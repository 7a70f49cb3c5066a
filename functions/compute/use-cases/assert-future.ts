import { invalid } from '../../../contracts/errors.ts';

export function assertFuture(expiresAt: string | null | undefined, now: Date): void {
  if (expiresAt != null && Date.parse(expiresAt) <= now.getTime()) {
    throw invalid([{ path: 'body.expires_at', message: 'must be in the future' }]);
  }
}
