import { describe, expect, it } from 'vitest';
import { maxTopics, topic } from '../../../contracts/realtime/topics.ts';
import { addTopics, assertGuestTopics, dropTopics } from '../../../functions/realtime/domain/topics.ts';

const id = (nth: number) => `01926f3c-7b4e-7d10-9c3a-${String(nth).padStart(12, '0')}`;
const workspace = (nth: number) => `workspace:${id(nth)}`;
const execution = (nth: number) => `execution:${id(nth)}`;
const none = { on: [], off: [] };

describe('a topic', () => {
  it('names a workspace, an execution or an event by id', () => {
    expect(topic.parse(workspace(1).toUpperCase().replace('WORKSPACE', 'workspace'))).toBe(workspace(1));
    for (const text of [
      '',
      'workspace:',
      'user:x',
      `user:${id(1)}`,
      `workspace:${id(1)}x`,
      `workspace:${id(1)}:${id(2)}`,
    ]) {
      expect(topic.safeParse(text).success).toBe(false);
    }
  });
});

describe('the topics of a connection', () => {
  it('lose a workspace that is left out and have it back by subscribing', () => {
    const left = dropTopics(none, [workspace(1)], [id(1)]);
    expect(left).toEqual({ on: [], off: [workspace(1)] });
    expect(addTopics(left, [workspace(1)], [id(1)])).toEqual(none);
  });

  it('never hold a workspace that the user is no member of', () => {
    expect(() => addTopics(none, [workspace(1), workspace(2)], [id(1)])).toThrow('thing.not_found');
    expect(dropTopics({ on: [], off: [workspace(2)] }, [workspace(3)], [id(1)])).toEqual(none);
  });

  it('gain and lose others once, up to fifty', () => {
    const many = Array.from({ length: maxTopics }, (_, nth) => execution(nth));
    const held = addTopics(addTopics(none, many, []), many, []);
    expect(held.on).toEqual(many);
    expect(() => addTopics(held, [execution(maxTopics)], [])).toThrow('socket.too_many_topics');
    expect(dropTopics(held, many.slice(1), []).on).toEqual([execution(0)]);
  });

  it('of a guest are events alone', () => {
    expect(() => assertGuestTopics([`event:${id(1)}`])).not.toThrow();
    for (const refused of [workspace(1), execution(1)]) {
      expect(() => assertGuestTopics([`event:${id(1)}`, refused])).toThrow('socket.guest_topics');
    }
  });
});
