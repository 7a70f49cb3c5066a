import type { ConnectionStore, Log, People, PresenceStore, Sockets, SocketTimeouts, VerifyToken } from '../ports.ts';

export interface SocketDependencies {
  connections: ConnectionStore;
  presences: PresenceStore;
  people: People;
  sockets: Sockets;
  timeouts: SocketTimeouts;
  verifyToken: VerifyToken;
  /** SHA-256 in hex of each origin secret that is good now. */
  originSecretHashes: readonly string[];
  now: () => Date;
  log: Log;
}
