import { newVm, type VmRecord } from '../../../functions/compute/domain/vm.ts';

const now = new Date('2026-02-01T00:00:00.000Z');

/** A VM as it was just asked for, but for what is given. */
export const vmRecord = (given: Partial<VmRecord>): VmRecord => ({
  ...newVm({
    id: '019c0000-0000-7000-8000-000000000001',
    workspaceId: '019c0000-0000-7000-8000-0000000000aa',
    credentialId: '019c0000-0000-7000-8000-0000000000cc',
    asked: { name: 'web-1', provider: 'aws', instance_type: 't3.micro', region: 'eu-west-1', image_id: 'ami-1' },
    vcpus: 2,
    requestId: 'req_1',
    callerId: '019c0000-0000-7000-8000-0000000000ee',
    now,
  }),
  ...given,
});
