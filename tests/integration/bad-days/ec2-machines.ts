import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import type { FaultedStack } from './faulted-stack.ts';

const dead = ['terminated', 'shutting-down'];

/** The machines that carry the VM's id, past the proxy: how many were ever made, and how many live. */
export async function machinesOf({ client, ec2_url }: FaultedStack, vmId: string) {
  const ec2 = new EC2Client({ ...client, endpoint: ec2_url });
  const Filters = [{ Name: 'tag:skyclust:vm-id', Values: [vmId] }];
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters }));
  ec2.destroy();
  const states = Reservations.flatMap(({ Instances = [] }) => Instances.map(({ State }) => State?.Name ?? ''));
  return { made: states.length, alive: states.filter((state) => !dead.includes(state)).length };
}
