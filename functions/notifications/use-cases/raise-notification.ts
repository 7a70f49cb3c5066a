import { notificationKinds } from '../../../contracts/notifications/kinds.ts';
import { isKept } from '../domain/days.ts';
import type { Notification } from '../domain/notification.ts';
import { notificationId } from '../domain/notification-id.ts';
import { channelsOf } from '../domain/preferences.ts';
import {
  AlreadyRaised,
  type DueEvent,
  Moved,
  type Names,
  type NotificationStore,
  type Recipient,
  type Recipients,
} from '../ports.ts';

export interface RaiseDependencies {
  notifications: NotificationStore;
  recipients: Recipients;
  names: Names;
  /** Whether the stage sends e-mails. */
  mails: boolean;
  now: () => Date;
}

/** Reading all and raising at once: whoever loses this often meets somebody who does nothing else. */
const tries = 5;

/** The params with names in the place of ids. Undefined when it is about a workspace that is gone: nobody misses it. */
async function nameParams({ kind, params }: DueEvent, names: Names): Promise<Record<string, string> | undefined> {
  const { names: looked = {} } = notificationKinds[kind] as { names?: Readonly<Record<string, 'user' | 'workspace'>> };
  const filled: Record<string, string> = { ...params };
  for (const [place, of] of Object.entries(looked)) {
    const name = await names[of](filled[place] ?? '');
    if (name === undefined && of === 'workspace') return undefined;
    if (name === undefined) delete filled[place];
    else filled[place] = name;
  }
  return filled;
}

interface Told {
  ids: string[];
  /** Whether the user can follow the event's link. */
  maySee(id: string): boolean;
}

/** Those whom the event names, and the owners of its workspace as they are now. What lies in the workspace is for members to see. */
async function whoIsTold({ kind, user_ids = [], workspace_id }: DueEvent, recipients: Recipients): Promise<Told> {
  if (workspace_id === undefined) return { ids: [...new Set(user_ids)], maySee: () => true };
  const roles = await recipients.rolesIn(workspace_id);
  const owners = [...roles].flatMap(([id, role]) => (role === 'owner' ? [id] : []));
  const named = 'membersOnly' in notificationKinds[kind] ? user_ids.filter((id) => roles.has(id)) : user_ids;
  return { ids: [...new Set([...named, ...owners])], maySee: (id) => roles.has(id) };
}

/**
 * Tells each of those whom an event concerns, once however often it is delivered: what it makes for a user has an id that follows from the event's. Who is
 * an owner is decided now, what a user wants to hear too.
 */
export const raiseNotification =
  ({ notifications, recipients, names, mails, now }: RaiseDependencies) =>
  async (event: DueEvent): Promise<void> => {
    const { kind, link = null, timestamp } = event;
    if (!isKept(timestamp, now())) return;
    const [told, params] = await Promise.all([whoIsTold(event, recipients), nameParams(event, names)]);
    if (params === undefined) return;
    const people = await recipients.find(told.ids);

    async function tell({ id, preferences, state: known }: Recipient): Promise<unknown> {
      const { in_app, email } = channelsOf(kind, preferences, mails);
      if (!in_app && !email) return;
      let state = known;
      for (let nth = 0; nth < tries; nth += 1) {
        if (state?.closed) return;
        const notification: Notification = {
          id: notificationId(event, id),
          user_id: id,
          kind,
          params: params ?? {},
          link: told.maySee(id) ? link : null,
          created_at: timestamp,
          in_app,
          email,
          language: preferences.language,
          epoch: state?.epoch ?? 0,
          read: false,
        };
        try {
          return await notifications.raise(notification, state, now());
        } catch (error) {
          if (error instanceof AlreadyRaised) return;
          if (!(error instanceof Moved)) return error;
          state = await notifications.state(id);
        }
      }
      return new Moved();
    }

    const outcomes = await Promise.all(people.map((person) => tell(person).catch((error: unknown) => error)));
    const failures = outcomes.filter((outcome) => outcome !== undefined);
    if (failures.length > 0) {
      const cause = failures[0];
      throw new Error(`cannot raise ${kind}: ${failures.length} of ${people.length} failed`, { cause });
    }
  };
