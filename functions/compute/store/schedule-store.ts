import { stale } from '../../../contracts/errors.ts';
import { absent, equals } from '../../platform/table/fragment.ts';
import { key } from '../../platform/table/key.ts';
import type { Key, PlainWrite, Table, Write } from '../../platform/table/types.ts';
import { noSchedule, type Schedule } from '../domain/schedule.ts';

export const scheduleKey = (workspaceId: string): Key => ({ pk: key('WS', workspaceId), sk: 'SCHEDULE' });

/** With the workspace. Timers that are left of it are void without it. */
export const scheduleRemoval = (workspaceId: string): PlainWrite => ({ delete: scheduleKey(workspaceId) });

export interface ScheduleStore {
  /** The workspace's schedule, or one that does nothing. */
  find(workspaceId: string): Promise<Schedule>;
  /** Holds that the schedule is of the version before this one, else CONFLICT. */
  put(schedule: Schedule): Write;
}

export const createScheduleStore = (table: Table): ScheduleStore => ({
  async find(workspaceId) {
    const item = await table.get(scheduleKey(workspaceId));
    if (item === undefined) return noSchedule(workspaceId);
    const { pk: _, sk: __, ...fields } = item;
    return fields as unknown as Schedule;
  },
  put: (schedule) => ({
    put: { ...scheduleKey(schedule.workspace_id), ...schedule },
    condition: schedule.version === 1 ? absent : equals('version', schedule.version - 1),
    otherwise: stale,
  }),
});
