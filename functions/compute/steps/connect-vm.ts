import type { VmProvider } from '../../../contracts/compute/providers.ts';
import { ProviderError } from '../domain/provider-error.ts';
import type { VmRecord } from '../domain/vm.ts';
import type { Connect, Provider } from '../providers/provider.ts';

/** The secret of a credential in clear. */
export type OpenCredential = (workspaceId: string, credentialId: string) => Promise<unknown>;

/** Why a credential does not open, by the errors of functions/credentials/open.ts, in words for the VM's members. */
const rejections: Readonly<Record<string, string>> = {
  CredentialNotFound: 'the credential is gone',
  CredentialNotVerified: 'the role of the credential has not been verified',
  CannotOpenSecret: 'the credential can not be decrypted',
  ZodError: 'the credential is malformed',
};

/** As much of a VM as says where its machine is. */
export type Place = Pick<VmRecord, 'workspace_id' | 'credential_id' | 'provider' | 'region'>;

/** A VM's cloud by its name, with the credential that the VM was made with. */
export const connectVm =
  (openCredential: OpenCredential, providers: Readonly<Record<VmProvider, Connect>>) =>
  async (vm: Place): Promise<Provider> => {
    const secret = await openCredential(vm.workspace_id, vm.credential_id).catch((error: unknown) => {
      const rejection = rejections[(error as Error).name];
      throw rejection === undefined ? error : new ProviderError('CredentialRejected', rejection, { cause: error });
    });
    return providers[vm.provider]({ region: vm.region, secret });
  };
