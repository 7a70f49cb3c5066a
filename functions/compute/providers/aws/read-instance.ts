import type { Instance } from '@aws-sdk/client-ec2';
import type { Machine, MachineState } from '../provider.ts';

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
  reason: instance.StateReason?.Message || null,
});
