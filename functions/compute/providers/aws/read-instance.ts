import type { Instance } from '@aws-sdk/client-ec2';
import type { Machine, MachineState, TaggedMachine } from '../provider.ts';
import { vmIdTag } from './run-instances-input.ts';

const states: Readonly<Record<string, MachineState>> = {
  pending: 'booting',
  running: 'on',
  stopping: 'halting',
  stopped: 'off',
  'shutting-down': 'dying',
  terminated: 'gone',
};

export const readInstance = (instance: Instance): Machine => ({
  id: instance.InstanceId ?? '',
  state: states[instance.State?.Name ?? ''] ?? 'unknown',
  publicIp: instance.PublicIpAddress || null,
  privateIp: instance.PrivateIpAddress || null,
  instanceType: instance.InstanceType ?? null,
  reason: instance.StateReason?.Message || null,
});

export const readTagged = (instance: Instance): TaggedMachine => ({
  ...readInstance(instance),
  vmId: instance.Tags?.find(({ Key }) => Key === vmIdTag)?.Value ?? '',
  createdAt: instance.LaunchTime?.toISOString() ?? null,
});
