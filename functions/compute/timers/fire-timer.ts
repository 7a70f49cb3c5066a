import type { Timer } from '../domain/timer.ts';
import { fireScheduleTimer } from './fire-schedule-timer.ts';
import { type FireDependencies, fireVmTimer } from './fire-vm-timer.ts';

/** What a timer's kind says is done by whoever it is of. */
export const fireTimer =
  (dependencies: FireDependencies) =>
  (timer: Timer): Promise<void> =>
    timer.kind === 'schedule_start' || timer.kind === 'schedule_stop'
      ? fireScheduleTimer(timer, dependencies)
      : fireVmTimer(timer, dependencies);
