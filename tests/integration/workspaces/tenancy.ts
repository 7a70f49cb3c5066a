import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { credentialCheckRoutes, credentialRoutes } from '../../../contracts/credentials/routes.ts';
import type { InternalEvent } from '../../../contracts/internal-events.ts';
import type { SystemRole } from '../../../contracts/shared/permissions.ts';
import { workspaceRoutes } from '../../../contracts/workspaces/routes.ts';
import { credentialRemovals } from '../../../functions/credentials/index.ts';
import { oursOf } from '../../../functions/credentials/ours-from-env.ts';
import { createCredentialStore } from '../../../functions/credentials/store/credential-store.ts';
import { createOpenData, createResealData } from '../../../functions/credentials/store/open-data.ts';
import { createSealData } from '../../../functions/credentials/store/seal-data.ts';
import {
  type CredentialCheckPorts,
  credentialCheckUseCases,
  credentialUseCases,
} from '../../../functions/credentials/use-cases/index.ts';
import { userStore } from '../../../functions/identity/index.ts';
import { createApi } from '../../../functions/platform/api/create-api.ts';
import { defaultLimits } from '../../../functions/platform/api/limits.ts';
import { newPrincipal, principalKey } from '../../../functions/platform/auth/principal.ts';
import { createKmsClient } from '../../../functions/platform/crypto/kms-client.ts';
import type { Item, Table } from '../../../functions/platform/table/types.ts';
import { createMemberStore } from '../../../functions/workspaces/store/member-store.ts';
import { createProfileStore } from '../../../functions/workspaces/store/profile-store.ts';
import { createQuotaStore } from '../../../functions/workspaces/store/quota-store.ts';
import { createWorkspaceStore } from '../../../functions/workspaces/store/workspace-store.ts';
import { copyProfile } from '../../../functions/workspaces/use-cases/copy-profile.ts';
import { workspaceUseCases } from '../../../functions/workspaces/use-cases/index.ts';
import type { Http, HttpAnswer } from '../../support/http-client.ts';
import { createInProcessHttp, inProcessDependencies, type Logged } from '../../support/in-process-api.ts';
import type { Backend } from '../../support/in-process-backend.ts';
import { patient } from '../../support/patient.ts';
import { racingTable } from './racing.ts';

export interface Resident {
  id: string;
  email: string;
  /** Its own id: here tokens are taken at their word, since it is not tokens that are tested. */
  token: string;
}

export interface Tenancy {
  http: Http;
  table: Table;
  logged: Logged[];
  /** Somebody registered and signed in. */
  settle(role?: SystemRole, name?: string): Promise<Resident>;
  /** Makes a workspace and answers its id. */
  found(owner: Resident, name?: string): Promise<string>;
  join(workspaceId: string, resident: Resident, role: string, by: Resident): Promise<void>;
  /** What the function of the stack does with an event: there is no stream here that would bring it. */
  notify(event: InternalEvent): Promise<void>;
  principalOf(resident: Resident): Promise<Item>;
  rowsOf(workspaceId: string): Promise<Item[]>;
}

const session = 'session';

function assertOk(what: string, { status, body }: HttpAnswer) {
  if (status >= 300) throw new Error(`cannot ${what}: ${status} ${JSON.stringify(body)}`);
}

interface Parts {
  /** Say one that injects faults. */
  table?: Table;
  /** What seals credentials. */
  keyId?: string;
  /** The clouds that can be asked. */
  verifiers?: CredentialCheckPorts['verifiers'];
}

/** What the deployed stack has in its environment. */
const ours = oursOf('arn:aws:iam::111122223333:role/skyclust-test-visitor-*');

/** Both APIs over a backend, or parts of another, with people in it. */
export function createTenancy(
  backend: Backend,
  { table = racingTable(backend), keyId = backend.credentialsKeyId, verifiers = {} }: Parts = {},
): Tenancy {
  const logged: Logged[] = [];
  const verifyToken = async (token: string) => ({ userId: token, sessionId: session, expiresAt: 9_999_999_999 });
  const limits = { ...defaultLimits, user: 1_000_000 };
  const dependencies = inProcessDependencies({ table, verifyToken }, { limits }, logged);
  const workspaces = workspaceUseCases({
    workspaces: createWorkspaceStore(table),
    members: createMemberStore(table),
    quotas: createQuotaStore(table),
    users: userStore(table),
    credentials: { removals: (workspaceId) => credentialRemovals(table, workspaceId) },
  });
  // As with racing tables: a burst waits its turn here, it does not time out.
  const using = { kms: createKmsClient({ ...backend.client, requestHandler: patient }), keyId, now: () => 0 };
  const store = createCredentialStore(table);
  const credentials = credentialUseCases({ credentials: store, seal: createSealData(using), ours });
  const checks = credentialCheckUseCases({
    credentials: store,
    open: createOpenData(using),
    reseal: createResealData(using),
    verifiers,
    ours,
  });
  const http = createInProcessHttp({
    'workspaces-api': createApi(workspaceRoutes, workspaces, dependencies),
    'credentials-api': createApi(credentialRoutes, credentials, dependencies),
    'credential-checks': createApi(credentialCheckRoutes, checks, dependencies),
  });
  return {
    http,
    table,
    logged,
    async settle(role = 'user', name = 'resident') {
      const id = uuidv7();
      const email = `${name}-${randomUUID()}@example.com`;
      await backend.table.write({ put: { ...newPrincipal(id, role, new Date()), ss: { [session]: {} } } });
      await backend.table.write({
        put: { pk: `USER#${id}`, sk: 'USER', type: 'user', id, email, name, is_active: true, version: 1 },
      });
      await backend.table.write({
        put: { pk: 'EMAIL', sk: email, user_id: id, id, email, name, version: 1 },
      });
      return { id, email, token: id };
    },
    async found(owner, name = `workspace ${randomUUID()}`) {
      const answer = await http('POST', '/workspaces', { token: owner.token, body: { name } });
      assertOk('make a workspace', answer);
      return answer.body.data.id;
    },
    async join(workspaceId, { id }, role, by) {
      assertOk(
        'add a member',
        await http('POST', `/workspaces/${workspaceId}/members`, { token: by.token, body: { user_id: id, role } }),
      );
    },
    notify: copyProfile({ profiles: createProfileStore(table) }),
    async principalOf({ id }) {
      const item = await backend.table.get(principalKey(id));
      if (item === undefined) throw new Error('this resident has no principal');
      return item;
    },
    rowsOf: (workspaceId) => backend.table.queryAll({ pk: `WS#${workspaceId}` }),
  };
}
