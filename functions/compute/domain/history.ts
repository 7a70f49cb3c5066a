/** Days for which a VM's history is kept. */
export const historyDays = 90;
