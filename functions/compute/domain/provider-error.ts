/**
 * Names of what a provider says no with. A name is a contract: the state machine's Retry and Catch match on it, and `status_reason` is made
 * of it.
 */
export const providerErrorNames = [
  'ProviderThrottled',
  'ProviderUnavailable',
  'ProviderRefused',
  'CapacityLacking',
  'QuotaOfCloudReached',
  'CredentialRejected',
  'ImageNotFound',
  'MachineGone',
  'MachineBusy',
  'LaunchSpent',
] as const;
export type ProviderErrorName = (typeof providerErrorNames)[number];

/** Whether what was asked may have been done all the same. */
export type Effect = 'none' | 'unknown';

/** What may be tried again with the same words. */
const passing: readonly ProviderErrorName[] = ['ProviderThrottled', 'ProviderUnavailable', 'MachineBusy'];

export class ProviderError extends Error {
  readonly effect: Effect;

  /** `message` is for the VM's members: what the provider said, nothing of ours. */
  constructor(
    name: ProviderErrorName,
    message: string,
    { effect = 'none', cause }: { effect?: Effect; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.name = name;
    this.effect = effect;
  }

  get isPassing(): boolean {
    return passing.some((name) => name === this.name);
  }
}
