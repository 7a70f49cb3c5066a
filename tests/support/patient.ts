const silent = () => undefined;

/** For what tells how often something is tried: neither the waits between the tries nor how long they take come into it. */
export const timeless = { now: () => 0, delay: async () => undefined };

/**
 * A socket for each caller and time for all of them: what is tested is the table, not this process's queue for sockets, nor how soon an emulator answers
 * that shares two cores with the tests. Faults that tests are about come from a proxy, through clients of their own.
 */
export const patient = {
  requestTimeout: 30_000,
  httpAgent: { maxSockets: 200 },
  logger: { debug: silent, info: silent, warn: silent, error: silent },
};
