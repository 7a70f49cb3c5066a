import type { AwsRoleSecret } from '../../../platform/aws/aws-secret.ts';
import { createSessions } from '../../../platform/aws/sessions.ts';
import { type AwsSession, assumeRole, createStsClient } from '../../../platform/aws/sts.ts';
import { ProviderError } from '../../domain/provider-error.ts';

const throttles = new Set(['Throttling', 'ThrottlingException', 'RequestLimitExceeded', 'TooManyRequestsException']);
const rejections = new Set(['AccessDenied', 'AccessDeniedException', 'ValidationError']);

/** STS's error as one that every provider has. Nothing has been done: EC2 was not asked yet. */
function readStsError(error: unknown): unknown {
  // A mistake of ours is not a cloud that does not answer.
  if (error instanceof TypeError || !(error instanceof Error)) return error;
  const { name } = error;
  if (throttles.has(name)) return new ProviderError('ProviderThrottled', 'STS takes no more calls', { cause: error });
  if (rejections.has(name)) {
    return new ProviderError('CredentialRejected', 'the role of the credential does not let us in', { cause: error });
  }
  return new ProviderError('ProviderUnavailable', 'STS did not answer', { cause: error });
}

export type SessionOf = (role: AwsRoleSecret) => Promise<AwsSession>;

/** A session of the user's role, which we assume as the function that this runs in; kept for as long as it is good. */
export function createSessionOf(sts = createStsClient(), now = Date.now): SessionOf {
  const sessions = createSessions({ assume: assumeRole(sts), now });
  return (role) =>
    sessions(role).catch((error: unknown) => {
      throw readStsError(error);
    });
}
