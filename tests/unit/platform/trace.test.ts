import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTrace, type Stretch } from '../../../functions/platform/trace.ts';

const invocation = { Root: '1-5759e988-bd862e3fe1be46a994272793', Parent: '53995c3f42cd8ad8', Sampled: '1' };
const stretch: Stretch = {
  name: 'vms.create',
  from: new Date('2026-01-31T09:30:00.000Z'),
  to: new Date('2026-01-31T09:30:00.250Z'),
  annotations: { request_id: 'req_1', status: 201 },
  outcome: 'done',
};

describe('a trace', () => {
  let daemon: Socket;
  let address: string;
  beforeEach(async () => {
    daemon = createSocket('udp4');
    daemon.bind(0, '127.0.0.1');
    await once(daemon, 'listening');
    address = `127.0.0.1:${daemon.address().port}`;
  });
  afterEach(() => void daemon.close());

  /** The next datagram, as the daemon reads it. */
  async function nextDatagram() {
    const [bytes] = (await once(daemon, 'message')) as [Buffer];
    const [header = '', document = ''] = bytes.toString('utf8').split('\n');
    return { header: JSON.parse(header), document: JSON.parse(document) };
  }

  it('gets a subsegment with the annotations, as the daemon takes it', async () => {
    const received = nextDatagram();
    createTrace({ daemon: address, readInvocation: () => invocation, newId: () => '70de5b6f19ff9a0a' }).add(stretch);
    expect(await received).toEqual({
      header: { format: 'json', version: 1 },
      document: {
        name: 'vms.create',
        id: '70de5b6f19ff9a0a',
        trace_id: invocation.Root,
        parent_id: invocation.Parent,
        type: 'subsegment',
        start_time: 1_769_851_800,
        end_time: 1_769_851_800.25,
        annotations: { request_id: 'req_1', status: 201 },
      },
    });
  });

  it.each([
    ['refused', { error: true }],
    ['failed', { fault: true }],
  ] as const)('says that the work was %s', async (outcome, flag) => {
    const received = nextDatagram();
    createTrace({ daemon: address, readInvocation: () => invocation }).add({ ...stretch, outcome });
    expect((await received).document).toMatchObject(flag);
  });

  it('gets nothing of an invocation that is not sampled, and the next one all the same', async () => {
    const received = nextDatagram();
    let sampled = '0';
    const trace = createTrace({ daemon: address, readInvocation: () => ({ ...invocation, Sampled: sampled }) });
    trace.add({ ...stretch, name: 'unsampled' });
    sampled = '1';
    trace.add(stretch);
    expect((await received).document.name).toBe('vms.create');
  });

  it.each([undefined, '', 'nowhere', ':2000'])('is left alone without a daemon (%s)', (daemonAddress) => {
    expect(() => createTrace({ daemon: daemonAddress, readInvocation: () => invocation }).add(stretch)).not.toThrow();
  });

  it('does not fail the work where the daemon is gone', async () => {
    const gone = createSocket('udp4');
    gone.bind(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port } = gone.address();
    gone.close();
    const trace = createTrace({ daemon: `127.0.0.1:${port}`, readInvocation: () => invocation });
    trace.add(stretch);
    trace.add(stretch);
    const received = nextDatagram();
    createTrace({ daemon: address, readInvocation: () => invocation }).add(stretch);
    expect((await received).document.name).toBe('vms.create');
  });
});
