import { key } from '../../platform/table/key.ts';
import type { Key } from '../../platform/table/types.ts';

export const connectionKey = (connectionId: string): Key => ({ pk: key('CONNECTION', connectionId), sk: 'CONNECTION' });

export const presenceKey = (userId: string): Key => ({ pk: key('PRESENCE', userId), sk: 'PRESENCE' });
