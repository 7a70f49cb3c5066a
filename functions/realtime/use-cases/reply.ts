import { ApiError, type ErrorCode, type Issue } from '../../../contracts/errors.ts';
import { type MessageKey, sentence } from '../../../contracts/messages.ts';
import type { AnswerMessage } from '../../../contracts/realtime/server-messages.ts';

/** What a message of the client's comes to. */
export interface Reply {
  message: AnswerMessage;
  /** The connection is closed after it. */
  close?: true;
}

/** Refuses the message and keeps the connection. */
export const refusal = (code: ErrorCode, key: MessageKey, params: ApiError['params'] = {}): Reply => ({
  message: { type: 'error', code, error: sentence(key, 'en', params) },
});

/** UNAUTHORIZED and RATE_LIMITED end the connection, nothing else does; what is not ours says nothing of itself. */
export function replyToError(error: unknown): Reply {
  if (!(error instanceof ApiError)) return refusal('INTERNAL_ERROR', 'internal.error');
  if (error.code === 'UNAUTHORIZED') return { message: { type: 'auth_error', code: 'UNAUTHORIZED' }, close: true };
  const issues = error.data['issues'] as Issue[] | undefined;
  const { message } = refusal(error.code, error.messageKey, error.params);
  return {
    message: issues === undefined ? message : ({ ...message, issues } as AnswerMessage),
    ...(error.code === 'RATE_LIMITED' && { close: true }),
  };
}
