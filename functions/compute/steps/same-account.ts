import { ProviderError } from '../domain/provider-error.ts';
import type { Provider } from '../providers/provider.ts';

/** What the VM says of itself, too. */
export const otherAccount = 'the credential is of another account than the machine';

/**
 * "There is none" is believed of the account alone that the machine was made in: the credential may be of another one by now, and the machine on and billed
 * for where it was. Throws CredentialRejected for another account; where none was noted, or the provider has none, it can't tell.
 */
export async function assertSameAccount(provider: Provider, account: string | null): Promise<void> {
  if (account === null) return;
  const present = await provider.account();
  if (present !== null && present !== account) throw new ProviderError('CredentialRejected', otherAccount);
}
