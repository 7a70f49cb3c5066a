import type { SystemRole, WorkspaceRole } from '../../../contracts/shared/permissions.ts';
import type { Http } from '../../support/http-client.ts';
import { addMember, makeWorkspace, type Person, register } from '../../support/people.ts';

export interface Persona {
  name: string;
  person: Person | undefined;
  /** Calls with this API key of the person instead of its token; `systemRole` is then the key's. */
  key?: string;
  systemRole: SystemRole;
  /** In the workspace that the samples aim at. */
  workspaceRole: WorkspaceRole | undefined;
}

/** A workspace with all that the routes name, people of every role in it, and people of no role. */
export interface World {
  workspaceId: string;
  credentialId: string;
  vmId: string;
  /** Of the workspace's audit log. */
  exportId: string;
  owner: Person;
  member: Person;
  /** Whose session a sample may use up. */
  spare: Person;
  /** Who signs in as often as there are personas, which ends older sessions. */
  late: Person;
  personas: Persona[];
}

interface MadeKey {
  key: string;
}

const okay = ({ status, body }: { status: number; body: { data: { id: string } } }) => {
  if (status >= 300) throw new Error(`cannot set the world up: ${status} ${JSON.stringify(body)}`);
  return body.data;
};

/** `admin` is the platform's admin, no member of the workspace. */
export async function makeWorld(http: Http, admin: Person): Promise<World> {
  const owner = await register(http, 'owner');
  const [workspaceAdmin, member, viewer, systemViewer, stranger, spare, late] = (await Promise.all(
    ['workspace-admin', 'member', 'viewer', 'system-viewer', 'stranger', 'spare', 'late'].map((name) =>
      register(http, name),
    ),
  )) as [Person, Person, Person, Person, Person, Person, Person];
  const workspaceId = await makeWorkspace(http, owner);
  await addMember(http, owner, workspaceId, workspaceAdmin, 'admin');
  await addMember(http, owner, workspaceId, member, 'member');
  await addMember(http, owner, workspaceId, viewer, 'viewer');
  await addMember(http, owner, workspaceId, systemViewer, 'owner');
  okay(await http('PUT', `/users/${systemViewer.id}`, { token: admin.token, body: { role: 'viewer' } }));
  const credential = okay(
    await http('POST', '/credentials', {
      token: owner.token,
      body: {
        workspace_id: workspaceId,
        provider: 'aws',
        data: {
          access_key: 'AKIAMATRIX0000000000',
          secret_key: 'matrixMatrixMatrixMatrixMatrixMatrix0000',
          region: 'eu-west-1',
        },
      },
    }),
  );
  const vm = okay(
    await http('POST', '/vms', {
      token: owner.token,
      body: {
        workspace_id: workspaceId,
        credential_id: credential.id,
        name: 'first',
        provider: 'aws',
        instance_type: 't3.micro',
        region: 'eu-west-1',
        image_id: 'ami-12c6146b',
      },
    }),
  );
  const exported = okay(await http('GET', `/audit-logs/export?workspace_id=${workspaceId}`, { token: owner.token }));
  const keyOf = async ({ token }: Person, body: object): Promise<string> =>
    (okay(await http('POST', '/auth/api-keys', { token, body: { name: 'matrix', ...body } })) as unknown as MadeKey)
      .key;
  const [memberKey, narrowKey] = [await keyOf(member, {}), await keyOf(owner, { role: 'viewer' })];
  const persona = (
    name: string,
    person: Person | undefined,
    workspaceRole?: WorkspaceRole,
    systemRole: SystemRole = 'user',
  ): Persona => ({
    name,
    person,
    systemRole,
    workspaceRole,
  });
  return {
    workspaceId,
    credentialId: credential.id,
    vmId: vm.id,
    exportId: exported.id,
    owner,
    member,
    spare,
    late,
    personas: [
      persona('anonymous', undefined),
      persona('stranger', stranger),
      persona('system viewer who is an owner', systemViewer, 'owner', 'viewer'),
      persona('workspace viewer', viewer, 'viewer'),
      persona('workspace member', member, 'member'),
      { ...persona('API key of a member', member, 'member'), key: memberKey },
      { ...persona('viewing API key of an owner', owner, 'owner', 'viewer'), key: narrowKey },
      persona('workspace admin', workspaceAdmin, 'admin'),
      persona('workspace owner', owner, 'owner'),
      persona('platform admin', admin, undefined, 'admin'),
    ],
  };
}
