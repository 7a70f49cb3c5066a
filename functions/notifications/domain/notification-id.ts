import { createHash } from 'node:crypto';

const hex = (number: number, digits: number) => number.toString(16).padStart(digits, '0');

/** In the form of a UUID v7: 48 bits of time, by which they sort, and the rest. */
const uuidOf = (milliseconds: number, rest: string): string => {
  const time = hex(milliseconds, 12);
  const variant = hex((Number.parseInt(rest.slice(3, 4), 16) & 0x3) | 0x8, 1);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-${variant}${rest.slice(4, 7)}-${rest.slice(7, 19)}`;
};

/** Of what an event tells one user: the same each time it is delivered, so that it is put once. */
export const notificationId = (event: { id: string; timestamp: string }, userId: string): string => {
  const rest = createHash('sha256')
    .update(JSON.stringify([event.id, userId]))
    .digest('hex');
  return uuidOf(Date.parse(event.timestamp), rest);
};

/** Sorts before every id of that moment or later. */
export const firstIdAt = (at: Date): string => {
  const time = hex(at.getTime(), 12);
  return `${time.slice(0, 8)}-${time.slice(8)}`;
};
