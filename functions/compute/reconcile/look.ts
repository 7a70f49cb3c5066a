import { ProviderError } from '../domain/provider-error.ts';
import { statusReason } from '../domain/status-reason.ts';
import type { Provider, TaggedMachine } from '../providers/provider.ts';
import type { Group } from '../store/registry.ts';

/** What a provider says of a group: its machines, or why it says nothing. */
export interface Look {
  group: Group;
  /** Before the provider was asked: what was made since may not be shown. */
  at: Date;
  provider?: Provider;
  machines: readonly TaggedMachine[];
  failure?: { reason: string; credentialGone: boolean };
  /** A fault of ours for which nobody was asked. It is to be thrown once all else is done. */
  fault?: unknown;
}

/** More than this of one workspace's, in one region, is none of ours. */
const mostMachines = 5_000;

export type ConnectGroup = (group: Group) => Promise<Provider>;

const tooLong = () => new ProviderError('ProviderUnavailable', 'it takes too long to list the machines');

async function listAll(provider: Provider, workspaceId: string, isLate: () => boolean): Promise<TaggedMachine[]> {
  const machines: TaggedMachine[] = [];
  for await (const page of provider.list(workspaceId)) {
    machines.push(...page);
    if (machines.length > mostMachines)
      throw new ProviderError('ProviderRefused', `there are more than ${mostMachines} machines`);
    if (isLate()) throw tooLong();
  }
  return machines;
}

const isGone = (error: unknown) => ((error as Error).cause as Error | undefined)?.name === 'CredentialNotFound';

/** What the provider, or the way to it, said no with. A fault of ours is thrown: it says nothing of the provider. */
export function failureOf(error: unknown): NonNullable<Look['failure']> {
  if (!(error instanceof ProviderError)) throw error;
  return { reason: statusReason(error.name, error.message), credentialGone: isGone(error) };
}

/** One paged list, which must end by a time. Whatever goes wrong in it, the provider's fault or ours, nothing of it counts. */
export async function lookAt(group: Group, connect: ConnectGroup, now: () => Date, until: number): Promise<Look> {
  const at = now();
  const isLate = () => now().getTime() > until;
  try {
    if (isLate()) throw tooLong();
    const provider = await connect(group);
    return { group, at, provider, machines: await listAll(provider, group.workspace_id, isLate) };
  } catch (error) {
    if (error instanceof ProviderError) return { group, at, machines: [], failure: failureOf(error) };
    const failure = { reason: statusReason((error as Error).name), credentialGone: false };
    return { group, at, machines: [], failure, fault: error };
  }
}
