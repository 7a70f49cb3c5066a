import { relayFromEnv } from '../../platform/outbox/relay-from-env.ts';
import { derivations } from '../derivations.ts';

export const handler = relayFromEnv(derivations);
