/**
 * What a failed try of an AWS call says about its effect.
 * - `final`: an answer; another try would get the same.
 * - `refused`: not now, and nothing was done.
 * - `unsent`: it never reached the service.
 * - `lost`: the answer is unknown; what was asked may have been done.
 */
export type Failure = 'final' | 'refused' | 'unsent' | 'lost';

const refusals = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ReplicatedWriteConflictException',
  'ThrottlingException',
  'TooManyRequestsException',
  'TransactionConflictException',
  // The same token is being worked on: the next try gets its outcome.
  'TransactionInProgressException',
]);

const unsentCodes = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);

const lostCodes = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ERR_STREAM_PREMATURE_CLOSE']);

interface Clues {
  code?: string;
  syscall?: string;
  $fault?: 'client' | 'server';
  $metadata?: { httpStatusCode?: number };
  $response?: { statusCode?: number };
}

/** Reads an error of the SDK or of the network below it. */
export function judge(error: unknown): Failure {
  if (!(error instanceof Error)) return 'final';
  const { name, message, code = '', syscall, $fault, $metadata, $response } = error as Error & Clues;
  if (refusals.has(name)) return 'refused';
  if (unsentCodes.has(code) || syscall === 'connect' || syscall === 'getaddrinfo') return 'unsent';
  if (name === 'TimeoutError') return /did not establish a connection/.test(message) ? 'unsent' : 'lost';
  if (lostCodes.has(code)) return 'lost';
  // A body that is no JSON comes from a proxy or was cut short.
  if (name === 'SyntaxError' && $response !== undefined) return 'lost';
  return $fault === 'server' || ($metadata?.httpStatusCode ?? $response?.statusCode ?? 0) >= 500 ? 'lost' : 'final';
}
