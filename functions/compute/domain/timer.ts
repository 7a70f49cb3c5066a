/** What happens at a time of its own. A VM has one timer at most that counts: each puts the next. */
export const timerKinds = [
  'vm_notice_day',
  'vm_notice_hour',
  'vm_stop',
  'vm_delete',
  'schedule_start',
  'schedule_stop',
] as const;
export type TimerKind = (typeof timerKinds)[number];

export interface Timer {
  kind: TimerKind;
  workspace_id: string;
  /** The VM's, or the workspace's whose schedule it is. */
  id: string;
  /** When it was to fire: ISO 8601. */
  due: string;
  /** When it is to be looked at: `due`, or later where it could not be done then. */
  at: string;
  /** When it was first looked at, if it had to wait since. */
  began?: string;
  /** The VM's `expires_at` or the schedule's version that it was set for. If that has changed since, the timer is void. */
  of: string;
  /** Of a stop at expiry that is asked for again: when the VM goes, by what its people were told. */
  deletes_at?: string;
  /** How often it was put off for an error. */
  tries: number;
}
