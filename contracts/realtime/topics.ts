import * as z from 'zod';

/** Topics a connection may hold beside its user's own. */
export const maxTopics = 50;

const topicKinds = ['workspace', 'execution', 'event'] as const;
export type TopicKind = (typeof topicKinds)[number];

/**
 * `workspace:<id>`, `execution:<id>` (its log lines) or `event:<id>` (a ticket sale's seats; the one kind that guests
 * may have).
 */
export const topic = z
  .string()
  .regex(/^(workspace|execution|event):[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i, {
    error: 'must be workspace:<id>, execution:<id> or event:<id>',
  })
  .transform((text) => text.toLowerCase())
  .meta({ id: 'Topic', example: 'workspace:01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6a' });

export function readTopic(text: string): { kind: TopicKind; id: string } {
  const [kind, id] = text.split(':');
  return { kind: kind as TopicKind, id: id ?? '' };
}

export const workspaceTopic = (workspaceId: string) => `workspace:${workspaceId}`;
