import type { Construct } from 'constructs';
import type { FunctionName } from '../../contracts/route.ts';
import { localEnvironment } from '../local-stage.ts';
import type { Alarms } from './alarms.ts';
import type { Data } from './data.ts';
import { PlatformFunction } from './platform-function.ts';
import type { Stage } from './stage.ts';
import { allowTable, type TableRight } from './table-rights.ts';

export interface ApiFunctionProps {
  name: FunctionName;
  alarms: Alarms;
  data: Data;
  /** SHA-256 of the edge's secret, in hex; two with a comma while it is being rotated. */
  originHashes: string;
  /** Beyond what the middleware needs of every API function. */
  table?: readonly TableRight[];
  environment?: Record<string, string>;
}

/** What a function needs to know who calls, and that it was through the edge. */
export const callerEnvironment = (data: Data, originHashes: string): Record<string, string> => ({
  ORIGIN_SECRET_SHA256: originHashes,
  USER_POOL_ID: data.userPool.userPoolId,
  USER_POOL_CLIENT_ID: data.userPoolClientId,
});

/** The middleware reads who calls, counts the call, adds the audit row and the idempotency record. */
const middleware: readonly TableRight[] = ['read', 'put', 'update', 'check'];

/** A function behind the HTTP API. */
export class ApiFunction extends PlatformFunction {
  readonly routesOf: FunctionName;

  constructor(scope: Construct, id: string, stage: Stage, props: ApiFunctionProps) {
    const { settings } = stage;
    const { data, name, alarms } = props;
    super(scope, id, stage, {
      name,
      alarms,
      environment: {
        ...callerEnvironment(data, props.originHashes),
        LIMITS: JSON.stringify(settings.limits),
        ...localEnvironment(settings),
        ...props.environment,
      },
    });
    this.routesOf = name;
    allowTable(this, data.table, [...middleware, ...(props.table ?? [])], 'rows');
  }
}
