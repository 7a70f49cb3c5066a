export type ScheduleAction = 'start' | 'stop';

/** When the VMs of a workspace are started and stopped: cron of five fields, in a time zone. */
export interface Schedule {
  workspace_id: string;
  start: string | null;
  stop: string | null;
  time_zone: string;
  enabled: boolean;
  version: number;
  updated_at: string | null;
}

export const noSchedule = (workspaceId: string): Schedule => ({
  workspace_id: workspaceId,
  start: null,
  stop: null,
  time_zone: 'UTC',
  enabled: false,
  version: 0,
  updated_at: null,
});
