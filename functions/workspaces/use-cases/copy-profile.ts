import type { InternalEventOf, ProfileEventType } from '../../../contracts/internal-events.ts';
import type { ProfileStore } from '../ports.ts';

/**
 * Brings the rows that an event is about to say who their user is by now. Both reads come after what the event tells of, so of a rename and a joining at
 * once, at least one of their two events sees both; the version on the row settles which copy stays.
 */
export const copyProfile =
  ({ profiles }: { profiles: ProfileStore }) =>
  async (event: InternalEventOf<ProfileEventType>): Promise<void> => {
    const [profile, workspaceIds] = await Promise.all([
      profiles.find(event.user_id),
      event.type === 'member_added' ? [event.workspace_id] : profiles.workspacesOf(event.user_id),
    ]);
    if (profile !== undefined) await profiles.copy(profile, workspaceIds);
  };
