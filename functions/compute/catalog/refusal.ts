import { ApiError, conflict, type ErrorDetails } from '../../../contracts/errors.ts';
import { ProviderError } from '../domain/provider-error.ts';

const retryAfterSeconds = 5;

/** Why a credential does not open, by the errors of functions/credentials/open.ts. */
const rejections: Readonly<Record<string, string>> = {
  CannotOpenSecret: 'it can not be decrypted',
  CredentialNotFound: 'it is gone',
  CredentialNotVerified: 'it has not been verified',
  ZodError: 'it is malformed',
};

const rejected = (said: string, cause: unknown) =>
  conflict('provider.credential_rejected', { params: { said }, data: { reason: 'CREDENTIAL_REJECTED' }, cause });

const unanswered = (details: ErrorDetails) =>
  new ApiError('SERVICE_UNAVAILABLE', 'provider.unavailable', { retryAfterSeconds, ...details });

/** A provider's no as an answer: what passes is SERVICE_UNAVAILABLE, what it refuses is CONFLICT; the reason stands in `data.reason`. */
export function asRefusal(error: unknown): unknown {
  const rejection = error instanceof Error ? rejections[error.name] : undefined;
  if (rejection !== undefined) return rejected(rejection, error);
  if (!(error instanceof ProviderError)) return error;
  if (error.name === 'CredentialRejected') return rejected(error.message, error);
  if (error.name === 'ProviderThrottled') return unanswered({ data: { reason: 'PROVIDER_THROTTLED' }, cause: error });
  if (error.isPassing) return unanswered({ data: { reason: 'PROVIDER_UNAVAILABLE' }, cause: error });
  const params = { said: error.message };
  return conflict('provider.refused', { params, data: { reason: 'PROVIDER_REFUSED' }, cause: error });
}

/** For who has something else to do first than to refuse: what is no answer of a provider is thrown on. */
export function refusalOf(error: unknown): ApiError {
  const refusal = asRefusal(error);
  if (refusal instanceof ApiError) return refusal;
  throw error;
}

/** Runs what asks a provider. */
export async function asked<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw asRefusal(error);
  }
}
