import { ProviderError } from '../domain/provider-error.ts';
import type { Provider } from '../providers/provider.ts';

/** What the VM says of itself, too. */
export const otherAccount = 'the credential is of another account than the machine';

/** Whether a machine that was made in this account can be known here: also where none was noted, or the provider has none. */
export async function isSameAccount(provider: Provider, account: string | null): Promise<boolean> {
  if (account === null) return true;
  const present = await provider.account();
  return present === null || present === account;
}

/**
 * "There is none" is believed of the account alone that the machine was made in: the credential may be of another one by now, and the machine on and billed
 * for where it was. Throws CredentialRejected for another account; where none was noted, or the provider has none, it can't tell.
 */
export async function assertSameAccount(provider: Provider, account: string | null): Promise<void> {
  if (!(await isSameAccount(provider, account))) throw new ProviderError('CredentialRejected', otherAccount);
}
