/** Days for which a notification is kept, the day it was made not counted. */
export const notificationDays = 90;
