import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Meter } from './meter.ts';

export interface ServedRequest {
  /** The route's id, `vms.create`. */
  route: string;
  requestId: string;
  status: number;
  milliseconds: number;
  spent: Meter;
}

/** The dimension `service` is POWERTOOLS_SERVICE_NAME. One a function, made as it starts. */
export const createMetrics = (): Metrics => new Metrics({ namespace: 'SkyClust' });

/**
 * One EMF line for a request. `service` is the only dimension: each metric of each value of a dimension is billed ($0.30 a
 * month), and every route by six metrics would cost more than all else. Route, status and request id are fields
 * of the line instead, so Logs Insights answers by route: `stats sum(WriteUnits), pct(Latency, 99) by route`.
 */
export function publishRequest(
  metrics: Metrics,
  { route, requestId, status, milliseconds, spent }: ServedRequest,
): void {
  metrics.addMetadata('route', route);
  metrics.addMetadata('status', String(status));
  metrics.addMetadata('request_id', requestId);
  metrics.addMetric('Latency', MetricUnit.Milliseconds, milliseconds);
  metrics.addMetric('Faults', MetricUnit.Count, status >= 500 ? 1 : 0);
  metrics.addMetric('TableTrips', MetricUnit.Count, spent.read('trips'));
  metrics.addMetric('WriteUnits', MetricUnit.Count, spent.read('wcu'));
  metrics.addMetric('ReadUnits', MetricUnit.Count, spent.read('rcu'));
  metrics.addMetric('KeyCalls', MetricUnit.Count, spent.read('kms'));
  metrics.publishStoredMetrics();
}
