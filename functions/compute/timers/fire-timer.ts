import { type PasswordTimer, settlePassword } from '../../identity/index.ts';
import type { Timer } from '../domain/timer.ts';
import { fireScheduleTimer } from './fire-schedule-timer.ts';
import { type FireDependencies, fireVmTimer } from './fire-vm-timer.ts';

/** What a timer's kind says is done by whoever it is of. */
export const fireTimer =
  (dependencies: FireDependencies) =>
  (timer: Timer | PasswordTimer): Promise<void> => {
    if (timer.kind === 'password') return settlePassword(timer, dependencies);
    if (timer.kind === 'schedule_start' || timer.kind === 'schedule_stop')
      return fireScheduleTimer(timer, dependencies);
    return fireVmTimer(timer, dependencies);
  };
