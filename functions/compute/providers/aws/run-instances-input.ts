import type { _InstanceType, RunInstancesCommandInput, Tag } from '@aws-sdk/client-ec2';
import type { MachineSpec } from '../provider.ts';

/** The tag by which our machines are found again. */
export const vmIdTag = 'skyclust:vm-id';
export const workspaceIdTag = 'skyclust:workspace-id';

/** A `Name` of the user's own wins over the VM's: it is what EC2's console shows. */
export const usersTags = ({ name, tags }: Pick<MachineSpec, 'name' | 'tags'>): Tag[] => toTags({ Name: name, ...tags });

const toTags = (all: Readonly<Record<string, string>>): Tag[] =>
  Object.entries(all).map(([Key, Value]) => ({ Key, Value }));

const tagsOf = (spec: MachineSpec): Tag[] => [
  ...usersTags(spec),
  ...toTags({ [vmIdTag]: spec.vmId, [workspaceIdTag]: spec.workspaceId }),
];

/** Made of the spec alone, so that a repeat sends the same words under the same token. */
export const runInstancesInput = (spec: MachineSpec): RunInstancesCommandInput => ({
  ClientToken: spec.token,
  MinCount: 1,
  MaxCount: 1,
  InstanceType: spec.instanceType as _InstanceType,
  ImageId: spec.imageId,
  ...(spec.keyPair === null ? {} : { KeyName: spec.keyPair }),
  ...(spec.userData === undefined ? {} : { UserData: Buffer.from(spec.userData).toString('base64') }),
  // Without a session token no one reads the machine's own credentials through a hole in what it serves.
  MetadataOptions: { HttpTokens: 'required', HttpEndpoint: 'enabled', HttpPutResponseHopLimit: 2 },
  InstanceInitiatedShutdownBehavior: 'stop',
  TagSpecifications: [
    { ResourceType: 'instance', Tags: tagsOf(spec) },
    { ResourceType: 'volume', Tags: tagsOf(spec) },
  ],
});
