import { ApiError } from '../../../contracts/errors.ts';
import { unless } from '../table/unless.ts';

/** The timer has fired meanwhile, or what it is of has changed: whoever looks next sees how it is. */
export class Moved extends Error {}
export const moved = () => new Moved();

/** A VM's own condition that does not hold says so as a CONFLICT. */
function asMoved(error: unknown): never {
  throw error instanceof ApiError && error.code === 'CONFLICT' ? moved() : error;
}

/** False where somebody else was there first. */
export const unlessMoved = (work: Promise<unknown>): Promise<boolean> => unless(Moved, work.catch(asMoved));
