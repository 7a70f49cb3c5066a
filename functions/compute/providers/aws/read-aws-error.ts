import { ProviderError, type ProviderErrorName } from '../../domain/provider-error.ts';
import { regionNames } from './region-names.ts';

/** EC2's error codes (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html) that mean more than "refused". */
const namesByCode: Readonly<Record<string, ProviderErrorName>> = {
  RequestLimitExceeded: 'ProviderThrottled',
  Throttling: 'ProviderThrottled',
  ThrottlingException: 'ProviderThrottled',
  RequestThrottled: 'ProviderThrottled',
  EC2ThrottledException: 'ProviderThrottled',
  ConcurrentTagAccess: 'ProviderThrottled',
  AuthFailure: 'CredentialRejected',
  Blocked: 'CredentialRejected',
  ExpiredToken: 'CredentialRejected',
  InvalidClientTokenId: 'CredentialRejected',
  MissingAuthenticationToken: 'CredentialRejected',
  OptInRequired: 'CredentialRejected',
  PendingVerification: 'CredentialRejected',
  RequestExpired: 'CredentialRejected',
  SignatureDoesNotMatch: 'CredentialRejected',
  UnauthorizedOperation: 'CredentialRejected',
  UnrecognizedClientException: 'CredentialRejected',
  InsufficientAddressCapacity: 'CapacityLacking',
  InsufficientCapacity: 'CapacityLacking',
  InsufficientHostCapacity: 'CapacityLacking',
  InsufficientInstanceCapacity: 'CapacityLacking',
  InsufficientReservedInstanceCapacity: 'CapacityLacking',
  InsufficientVolumeCapacity: 'CapacityLacking',
  InsufficientFreeAddressesInSubnet: 'CapacityLacking',
  AttachmentLimitExceeded: 'QuotaOfCloudReached',
  InstanceLimitExceeded: 'QuotaOfCloudReached',
  MaxIOPSLimitExceeded: 'QuotaOfCloudReached',
  NetworkInterfaceLimitExceeded: 'QuotaOfCloudReached',
  VcpuLimitExceeded: 'QuotaOfCloudReached',
  VolumeLimitExceeded: 'QuotaOfCloudReached',
  'InvalidAMIID.Malformed': 'ImageNotFound',
  'InvalidAMIID.NotFound': 'ImageNotFound',
  'InvalidAMIID.Unavailable': 'ImageNotFound',
  IdempotentInstanceTerminated: 'LaunchSpent',
  IncorrectInstanceState: 'MachineBusy',
  IncorrectState: 'MachineBusy',
  'InvalidInstanceID.Malformed': 'MachineGone',
  'InvalidInstanceID.NotFound': 'MachineGone',
};

/** Codes that say no to a credential, but where their sentence says that it is the image of a launch that the account may not use. */
const ofImages: Readonly<Record<string, { sentence: RegExp; name: ProviderErrorName }>> = {
  AuthFailure: { sentence: /^Not authorized for images\b/, name: 'ImageNotFound' },
  OptInRequired: { sentence: /\bMarketplace\b/, name: 'ProviderRefused' },
};

const mostCharacters = 200;

/** Codes of what never reached EC2: nothing was done. */
const unsent = ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'];

interface Clues {
  code?: unknown;
  hostname?: unknown;
  $fault?: unknown;
  $metadata?: { httpStatusCode?: number };
}

/** EC2's sentence, short: what an encoded authorisation message holds is only for those who may decode it. */
function said(error: Error): string {
  const text = error.message.replace(/Encoded authorization failure message:.*/s, '').trim();
  return `${error.name}: ${text}`.slice(0, mostCharacters);
}

/** EC2's or the network's error as one that every provider has. What is no answer of EC2 is taken for one that may have been done. */
export function readAwsError(error: unknown): unknown {
  // A mistake of ours is not a provider that does not answer.
  if (error instanceof ProviderError || error instanceof TypeError || !(error instanceof Error)) return error;
  const { code, hostname, $fault, $metadata } = error as Error & Clues;
  const ofImage = ofImages[error.name];
  const name = ofImage?.sentence.test(error.message) ? ofImage.name : namesByCode[error.name];
  if (name !== undefined) return new ProviderError(name, said(error), { cause: error });
  const status = $metadata?.httpStatusCode;
  if ($fault === 'client' && status !== undefined && status >= 400 && status < 500) {
    return new ProviderError('ProviderRefused', said(error), { cause: error });
  }
  const region = code === 'ENOTFOUND' ? /^ec2\.([a-z0-9-]+)\./.exec(String(hostname))?.[1] : undefined;
  if (region !== undefined && !Object.hasOwn(regionNames, region)) {
    return new ProviderError('ProviderRefused', `there is no region ${region}`, { cause: error });
  }
  const effect = unsent.some((known) => known === code) ? 'none' : 'unknown';
  return new ProviderError('ProviderUnavailable', 'EC2 did not answer', { effect, cause: error });
}
