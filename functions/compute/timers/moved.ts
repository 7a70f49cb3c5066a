import { ApiError } from '../../../contracts/errors.ts';

/** The timer has fired meanwhile, or what it is of has changed: whoever looks next sees how it is. */
export class Moved extends Error {}
export const moved = () => new Moved();

/** False where somebody else was there first. */
export async function unlessMoved(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof Moved || (error instanceof ApiError && error.code === 'CONFLICT')) return false;
    throw error;
  }
}
