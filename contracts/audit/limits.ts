/** A row that could not be chained waits in a queue for at most 14 days, so its day and its chain may still grow until then. */
export const lateRowDays = 16;
