import { auditChanged, exportChanged } from '../audit/index.ts';
import { noticeChanged, vmChanged } from '../compute/index.ts';
import { apiKeyChanged, codeChanged, userChanged } from '../identity/index.ts';
import { notificationChanged } from '../notifications/index.ts';
import type { Derivations } from '../platform/outbox/relay-changes.ts';
import { counting } from '../system/index.ts';
import { memberChanged, workspaceChanged } from '../workspaces/index.ts';

/** What follows from a change of each relayed entity: the rule is its context's own. */
export const derivations: Derivations = {
  vm: vmChanged,
  notice: noticeChanged,
  audit: auditChanged,
  export: exportChanged,
  user: counting('user', userChanged),
  member: memberChanged,
  code: codeChanged,
  workspace: counting('workspace', workspaceChanged),
  credential: counting('credential'),
  api_key: apiKeyChanged,
  notification: notificationChanged,
};
