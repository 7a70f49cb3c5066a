const minute = 60_000;

/**
 * How a busy VM comes to its end within `busyMinutes`, whatever fails. Times are since it became busy.
 * - Its workflow waits for the machine for 8 minutes at most; one more is for undoing and recording, and the execution ends after 9 (TimeoutSeconds).
 * - What is busy after 10 was forgotten. A look sees it within 5 minutes, and has a message sent that comes then.
 * - What is left of the 15 is for messages that have to wait.
 */
export const awaitedForMs = 8 * minute;
export const forgottenAfterMs = 10 * minute;
