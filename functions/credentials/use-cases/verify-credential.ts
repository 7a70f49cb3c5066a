import type { credentialCheckRoutes, RejectionReason } from '../../../contracts/credentials/routes.ts';
import { conflict } from '../../../contracts/errors.ts';
import type { MessageKey } from '../../../contracts/messages.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { verifiedCredential } from '../domain/credential.ts';
import type { CredentialStore, OpenData, Verifiers } from '../ports.ts';
import { findOwnSealed } from './find-own.ts';

interface Ports {
  credentials: CredentialStore;
  open: OpenData;
  /** By provider; one that is not here can't be asked yet. */
  verifiers: Verifiers;
}

const rejections: Readonly<Record<RejectionReason, MessageKey>> = {
  KEY_REJECTED: 'credential.rejected',
  REGION_UNKNOWN: 'credential.region_unknown',
  ROLE_NOT_ASSUMABLE: 'credential.role_not_assumable',
  EXTERNAL_ID_NOT_CHECKED: 'credential.external_id_not_checked',
};

/** One call of KMS, then the cloud's word. Only the first success of a role changes anything; a rejection changes nothing. */
export const verifyCredential =
  ({ credentials, open, verifiers }: Ports): UseCase<(typeof credentialCheckRoutes)['credentials.verify']> =>
  async ({ params }, call) => {
    const { credential, sealed } = await findOwnSealed(credentials, params.id, call);
    const { provider, version } = credential;
    const verify = verifiers[provider];
    if (verify === undefined) {
      throw conflict('credential.provider_not_available', {
        params: { provider },
        data: { reason: 'PROVIDER_NOT_AVAILABLE', provider },
      });
    }
    const verdict = await verify(await open(credential, sealed));
    const checked_at = call.now.toISOString();
    if (!verdict.ok) {
      const { reason } = verdict;
      const refused = { ok: false, account: null, checked_at, reason };
      return call.commit([], { data: refused, message: rejections[reason], version });
    }
    const after = verifiedCredential(credential, call.now);
    const answer = { ok: true, account: verdict.account, checked_at };
    return call.commit(after === credential ? [] : credentials.change(credential, after), {
      data: answer,
      message: 'credential.verified',
      version: after.version,
    });
  };
