import type { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import { callEvery } from './clock.ts';
import type { Data } from './data.ts';
import { PlatformFunction } from './platform-function.ts';
import type { Stage } from './stage.ts';
import { allowTable } from './table-rights.ts';

/** Fires what is due, each minute. What a tick misses, the next one finds. */
export function addTimers(scope: Construct, stage: Stage, data: Data, alarms: Alarms): void {
  const timers = new PlatformFunction(scope, 'fire-timers', stage, { name: 'fire-timers', alarms });
  allowTable(timers, data.table, ['read', 'put', 'update', 'delete', 'check']);
  callEvery(timers, 1, { name: 'fire-timers', alarms, enabled: stage.settings.timers });
}
