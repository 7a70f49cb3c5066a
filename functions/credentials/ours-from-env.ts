import { randomUUID } from 'node:crypto';
import { readEnv } from '../platform/env.ts';
import { viewWith } from './domain/credential.ts';
import type { Ours } from './ports.ts';

/** What is ours alone to say of a credential. An external id is 122 random bits: not a secret, but nobody guesses the next one. */
export const oursOf = (ourRoles: string): Ours => ({
  ourRoles,
  view: viewWith(ourRoles),
  newExternalId: randomUUID,
});

export const oursFromEnv = (): Ours => oursOf(readEnv({ OUR_ROLES: 'string' }).OUR_ROLES);
