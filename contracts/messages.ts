import { computeMessages } from './compute/messages.ts';
import { credentialMessages } from './credentials/messages.ts';
import { identityMessages } from './identity/messages.ts';
import { notificationMessages } from './notifications/messages.ts';
import { providerMessages } from './providers/messages.ts';
import { realtimeMessages } from './realtime/messages.ts';
import { sharedMessages } from './shared/messages.ts';
import { workspaceMessages } from './workspaces/messages.ts';

/** Every sentence that a person may read, English and Korean; `{name}` is filled from the params. */
const messages = {
  ...sharedMessages,
  ...identityMessages,
  ...workspaceMessages,
  ...credentialMessages,
  ...computeMessages,
  ...notificationMessages,
  ...providerMessages,
  ...realtimeMessages,
} as const;

export type MessageKey = keyof typeof messages;
export type MessageParams = Readonly<Record<string, string | number>>;
export type Language = 'en' | 'ko';

export const sentence = (key: MessageKey, language: Language, params: MessageParams = {}) =>
  messages[key][language].replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''));
