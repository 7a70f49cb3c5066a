import { computeRoutes } from '../../../contracts/compute/routes.ts';
import { vcpusOf } from '../../../functions/compute/catalog/index.ts';
import type { Holdings, UserDataStore } from '../../../functions/compute/ports.ts';
import { createHistoryStore } from '../../../functions/compute/store/history-store.ts';
import { holdings as guarded } from '../../../functions/compute/store/holdings.ts';
import { createUserDataStore } from '../../../functions/compute/store/user-data-store.ts';
import { createVmStore } from '../../../functions/compute/store/vm-store.ts';
import { computeUseCases } from '../../../functions/compute/use-cases/index.ts';
import { onlyCredentialOf } from '../../../functions/credentials/index.ts';
import { createApi } from '../../../functions/platform/api/create-api.ts';
import { defaultLimits } from '../../../functions/platform/api/limits.ts';
import { createKmsClient } from '../../../functions/platform/crypto/kms-client.ts';
import type { Table } from '../../../functions/platform/table/types.ts';
import type { Http } from '../../support/http-client.ts';
import { createInProcessHttp, inProcessDependencies } from '../../support/in-process-api.ts';
import type { Backend } from '../../support/in-process-backend.ts';
import { patient } from '../../support/patient.ts';
import { steadyClock } from '../../support/steady-hour.ts';
import type { Resident, Tenancy } from '../workspaces/tenancy.ts';

interface Parts {
  table?: Table;
  now?: () => Date;
  holdings?: Holdings;
  /** Whose key seals user data; without it there is none to be had. */
  backend?: Pick<Backend, 'client' | 'credentialsKeyId'>;
}

const noUserData: UserDataStore = {
  seal: async () => {
    throw new Error('cannot seal user data: the test has no key');
  },
  insert: () => ({ delete: { pk: '', sk: '' } }),
};

const userDataOf = ({ client, credentialsKeyId: keyId }: Pick<Backend, 'client' | 'credentialsKeyId'>) =>
  createUserDataStore({ kms: createKmsClient({ ...client, requestHandler: patient }), keyId, now: () => 0 });

/** The compute API over a tenancy's table, for its people: a token is the id of whose it is. */
export function createComputeHttp({ table: shared }: Pick<Tenancy, 'table'>, parts: Parts = {}): Http {
  const { table = shared, now = steadyClock(), holdings = guarded, backend } = parts;
  const verifyToken = async (token: string) => ({ userId: token, sessionId: 'session', expiresAt: 9_999_999_999 });
  const limits = { ...defaultLimits, user: 1_000_000 };
  const dependencies = inProcessDependencies({ table, verifyToken }, { limits, now });
  const credentials = { onlyOf: onlyCredentialOf(table) };
  const useCases = computeUseCases({
    vms: createVmStore(table),
    holdings,
    credentials,
    history: createHistoryStore(table),
    userData: backend === undefined ? noUserData : userDataOf(backend),
    vcpusOf: vcpusOf({ table, now }),
  });
  return createInProcessHttp({ 'compute-api': createApi(computeRoutes, useCases, dependencies) });
}

export const credentialData = {
  access_key: 'AKIACOMPUTE000000000',
  secret_key: 'computeComputeComputeComputeCompute00000',
  region: 'eu-west-1',
};

/** Stores a credential of the workspace and answers its id. */
export async function storeCredential({ http }: Tenancy, { token }: Resident, workspaceId: string): Promise<string> {
  const body = { workspace_id: workspaceId, provider: 'aws', data: credentialData };
  const answer = await http('POST', '/credentials', { token, body });
  if (answer.status !== 201) throw new Error(`cannot store a credential: ${JSON.stringify(answer.body)}`);
  return answer.body.data.id;
}

export const vmBody = { name: 'web-1', provider: 'aws', instance_type: 't3.micro', region: 'eu-west-1' };
