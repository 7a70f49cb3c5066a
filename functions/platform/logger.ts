import { LogFormatter, Logger, LogItem } from '@aws-lambda-powertools/logger';
import type { LogAttributes, UnformattedAttributes } from '@aws-lambda-powertools/logger/types';
import { redact } from './redact.ts';

/** One JSON line, all of it redacted: message, keys, errors and their causes. */
export class RedactingFormatter extends LogFormatter {
  override formatAttributes(base: UnformattedAttributes, additional: LogAttributes): LogItem {
    const { logLevel, message, timestamp, serviceName, xRayTraceId, lambdaContext } = base;
    const attributes = {
      level: logLevel,
      message,
      timestamp: this.formatTimestamp(timestamp),
      service: serviceName,
      cold_start: lambdaContext?.coldStart,
      function_name: lambdaContext?.functionName,
      function_request_id: lambdaContext?.awsRequestId,
      xray_trace_id: xRayTraceId,
      ...additional,
    };
    return new LogItem({ attributes: redact(attributes) as LogAttributes });
  }
}

/** Service and level come from POWERTOOLS_SERVICE_NAME and LOG_LEVEL. One a function, made as it starts. */
export const createLogger = (): Logger => new Logger({ logFormatter: new RedactingFormatter() });
