/** `72h30m15s`, as Go prints a duration: no leading units that are zero. */
export function formatDuration(seconds: number): string {
  const whole = Math.floor(seconds);
  const [h, m, s] = [Math.floor(whole / 3_600), Math.floor((whole % 3_600) / 60), whole % 60];
  if (h > 0) return `${h}h${m}m${s}s`;
  return m > 0 ? `${m}m${s}s` : `${s}s`;
}

/** To a tenth. */
export const megabytes = (bytes: number): number => Math.round(bytes / 104_857.6) / 10;
