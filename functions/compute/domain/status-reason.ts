import { type ProviderErrorName, providerErrorNames } from './provider-error.ts';

const codes: Readonly<Record<ProviderErrorName, string>> = {
  ProviderThrottled: 'PROVIDER_THROTTLED',
  ProviderUnavailable: 'PROVIDER_UNAVAILABLE',
  ProviderRefused: 'PROVIDER_REFUSED',
  CapacityLacking: 'CAPACITY_LACKING',
  QuotaOfCloudReached: 'CLOUD_QUOTA_REACHED',
  CredentialRejected: 'CREDENTIAL_REJECTED',
  ImageNotFound: 'IMAGE_NOT_FOUND',
  MachineGone: 'MACHINE_GONE',
  MachineBusy: 'MACHINE_BUSY',
  LaunchSpent: 'LAUNCH_FAILED',
};

/** Errors of the workflow itself: a step that waited in vain, and the state machine's own. */
const timeouts = ['StillBusy', 'AwaitedInVain', 'States.Timeout', 'States.HeartbeatTimeout'];

/** What Step Functions says when no more of our functions may run at once. */
const tooBusy = 'Lambda.TooManyRequestsException';

/** Of a `status_reason`. */
export const mostReasonCharacters = 250;

const isOfProvider = (name: string): name is ProviderErrorName => providerErrorNames.some((known) => known === name);

/** `status_reason` for an error by its name; what it said is shown where the provider said it, never where we did. */
export function statusReason(name: string, said = ''): string {
  if (timeouts.includes(name)) return 'TIMED_OUT';
  if (name === tooBusy) return 'PLATFORM_BUSY';
  if (!isOfProvider(name)) return 'INTERNAL_ERROR';
  return (said === '' ? codes[name] : `${codes[name]}: ${said}`).slice(0, mostReasonCharacters);
}
