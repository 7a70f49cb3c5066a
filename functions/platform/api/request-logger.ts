import { createLogger } from '../logger.ts';
import { meter } from '../meter.ts';
import { createMetrics, publishRequest } from '../metrics.ts';
import { createTrace } from '../trace.ts';
import type { RequestLogger } from './observe.ts';

const outcomeOf = (status: number) => (status >= 500 ? 'failed' : status >= 400 ? 'refused' : 'done');

/** One log line, one line of metrics and one stretch of the trace a request. Refusals are the client's business: information, not errors. */
export function createRequestLogger(): RequestLogger {
  const logger = createLogger();
  const metrics = createMetrics();
  const trace = createTrace();
  return {
    begin({ requestId, route }) {
      logger.resetKeys();
      logger.appendKeys({ request_id: requestId, route: route.id });
    },
    known({ userId }) {
      logger.appendKeys({ caller: userId });
    },
    end({ requestId, route, address, userAgent, startedAt }, { status, code, error, milliseconds }) {
      const spent = meter();
      const line = {
        status,
        code,
        ip_address: address,
        user_agent: userAgent,
        took_ms: milliseconds,
        trips: spent.read('trips'),
      };
      if (status >= 500) logger.error('request failed', { ...line, error: error as Error });
      else logger.info('request', line);
      trace.add({
        name: route.id,
        from: startedAt,
        to: new Date(startedAt.getTime() + milliseconds),
        annotations: { request_id: requestId, route: route.id, status },
        outcome: outcomeOf(status),
      });
      publishRequest(metrics, { route: route.id, requestId, status, milliseconds, spent });
    },
    error(message, error) {
      logger.error(message, error as Error);
    },
  };
}
