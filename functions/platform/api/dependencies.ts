import type { TokenVerifier } from '../auth/verify-token.ts';
import type { Table } from '../table/types.ts';
import type { Limits } from './limits.ts';
import type { RequestLogger } from './observe.ts';

/** Everything that the middleware needs from outside. */
export interface ApiDependencies {
  table: Table;
  verifyToken: TokenVerifier;
  limits: Limits;
  /** SHA-256 in hex of each origin secret that is good now: two while one is being rotated. */
  originSecretHashes: readonly string[];
  logger: RequestLogger;
  now: () => Date;
  newId: () => string;
  /** Answers carry what they cost in `x-meter`. */
  showMeter: boolean;
}
