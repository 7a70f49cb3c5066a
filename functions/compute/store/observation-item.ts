import { key } from '../../platform/table/key.ts';
import { refused } from '../../platform/table/refused.ts';
import type { Item, Key, PlainWrite } from '../../platform/table/types.ts';
import type { Observation } from '../domain/observation.ts';

/** Behind every VM of the workspace, so that a list of them reads it in the same query. */
export const observationKey = (workspaceId: string): Key => ({
  pk: key('WS', workspaceId),
  sk: key('VM', '~observed'),
});

export const isObservation = ({ sk }: Item): boolean => sk === 'VM#~observed';

export const toObservation = (item: Item | undefined): Observation => (item?.['groups'] as Observation) ?? {};

/** Holds that nobody has written a later look meanwhile. */
export const observationWrite = (workspaceId: string, groups: Observation, at: Date): PlainWrite => ({
  put: { ...observationKey(workspaceId), groups, at: at.toISOString() },
  condition: { text: 'attribute_not_exists(#at) OR #at < :at', values: { at: at.toISOString() } },
  otherwise: refused,
});
