import { unavailable } from '../../../../contracts/errors.ts';

/** How STS says that a key is not good (https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html); any other error says nothing of the key. */
const keyRejections = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthFailure',
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidClientTokenId',
  'OptInRequired',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);

/** How it says that a role is not ours to assume: it does not tell one that is not there from one that does not trust us. */
const roleRejections = new Set(['AccessDenied', 'AccessDeniedException', 'ValidationError']);

/** A region that there is not has no host; a resolver that does not answer says otherwise (EAI_AGAIN). */
export const isUnknownHost = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === 'ENOTFOUND';

const nameOf = (error: unknown) => (error instanceof Error ? error.name : '');

const retryAfterSeconds = 5;

/** What the work answers, or undefined where AWS rejects what was asked with. SERVICE_UNAVAILABLE for whatever says nothing of that. */
async function undefinedIf<Result>(
  rejections: ReadonlySet<string>,
  work: Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await work;
  } catch (error) {
    if (rejections.has(nameOf(error))) return undefined;
    // A mistake of ours is not a cloud that does not answer.
    throw error instanceof TypeError ? error : unavailable(retryAfterSeconds, error);
  }
}

export const unlessKeyRejected = <Result>(work: Promise<Result>) => undefinedIf(keyRejections, work);
export const unlessRoleRejected = <Result>(work: Promise<Result>) => undefinedIf(roleRejections, work);
