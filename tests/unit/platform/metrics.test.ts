import { describe, expect, it } from 'vitest';
import { createMeter } from '../../../functions/platform/meter.ts';
import { createMetrics, publishRequest } from '../../../functions/platform/metrics.ts';
import { captureLines } from '../../support/captured-output.ts';

describe('the metrics of a request', () => {
  it('are one line, with the service as the only dimension and the route as a field', () => {
    const spent = createMeter();
    spent.add('trips', 3);
    spent.add('wcu', 4);
    spent.add('rcu', 1.5);
    const metrics = createMetrics();
    const lines = captureLines(() =>
      publishRequest(metrics, { route: 'vms.create', requestId: 'req_1', status: 201, milliseconds: 12, spent }),
    );
    expect(lines).toHaveLength(1);
    const line = JSON.parse(lines[0] as string);
    expect(line).toMatchObject({
      route: 'vms.create',
      request_id: 'req_1',
      status: '201',
      Latency: 12,
      Faults: 0,
      TableTrips: 3,
      WriteUnits: 4,
      ReadUnits: 1.5,
      KeyCalls: 0,
    });
    expect(line._aws.CloudWatchMetrics).toEqual([
      expect.objectContaining({ Namespace: 'SkyClust', Dimensions: [['service']] }),
    ]);
  });

  it('do not leak into the next request', () => {
    const metrics = createMetrics();
    const served = (status: number, route: string) =>
      publishRequest(metrics, { route, requestId: route, status, milliseconds: 1, spent: createMeter() });
    const lines = captureLines(() => {
      served(500, 'a');
      served(200, 'b');
    });
    expect(lines.map((text) => JSON.parse(text)).map(({ route, Faults, Latency }) => [route, Faults, Latency])).toEqual(
      [
        ['a', 1, 1],
        ['b', 0, 1],
      ],
    );
  });
});
