import type { Http } from '../../support/http-client.ts';
import { addMember, makeWorkspace, type Person } from '../../support/people.ts';
import { until } from '../../support/until.ts';
import { joinUp } from '../canaries/account-flows.ts';
import type { Journal } from '../canaries/journal.ts';

/** Who and what the requests of bad days are about. Passwords, tokens and keys in it are canaries. */
export interface World {
  journal: Journal;
  http: Http;
  admin: Person;
  owner: Person;
  member: Person;
  workspaceId: string;
  credentialId: string;
  /** At rest, running. */
  vmId: string;
  /** Its machine. */
  instanceId: string;
}

export const idOf = ({ status, body }: { status: number; body: { data: { id: string } } }) => {
  if (status >= 300) throw new Error(`cannot set a scene: ${status} ${JSON.stringify(body)}`);
  return body.data.id;
};

type People = Omit<World, 'credentialId' | 'vmId' | 'instanceId'>;
type Place = Omit<World, 'vmId' | 'instanceId'>;

/** `admin` has registered first. */
export async function makeWorld(journal: Journal, admin: Person): Promise<World> {
  const { http } = journal;
  const [owner, member] = [await joinUp(journal, 'owner'), await joinUp(journal, 'member')];
  const workspaceId = await makeWorkspace(http, owner);
  await addMember(http, owner, workspaceId, member, 'viewer');
  const people = { journal, http, admin, owner, member, workspaceId };
  const place = { ...people, credentialId: await storeCredential(people, 'of the world') };
  const vmId = await createVm(place);
  const { instance_id: instanceId } = await settled(place, vmId);
  return { ...place, vmId, instanceId };
}

export const storeCredential = async ({ journal, http, owner, workspaceId }: People, what: string): Promise<string> => {
  const data = journal.secrets.awsKey(what);
  const body = { workspace_id: workspaceId, provider: 'aws', data };
  return idOf(await http('POST', '/credentials', { token: owner.token, body }));
};

export const vmBody = ({ workspaceId, credentialId }: Place) => ({
  workspace_id: workspaceId,
  credential_id: credentialId,
  name: 'bad day',
  provider: 'aws',
  instance_type: 't3.micro',
  region: 'eu-west-1',
  image_id: 'ami-12c6146b',
});

export const createVm = async (world: Place): Promise<string> =>
  idOf(await world.http('POST', '/vms', { token: world.owner.token, body: vmBody(world) }));

export const readVm = async ({ http, owner }: Place, id: string) =>
  (await http('GET', `/vms/${id}`, { token: owner.token })).body.data;

const busy = ['pending', 'starting', 'stopping', 'deleting'];

/** Until its workflow has ended; answers the VM. */
export async function settled(world: Place, id: string) {
  await until(`VM ${id} is at rest`, async () => !busy.includes((await readVm(world, id)).status));
  return readVm(world, id);
}
