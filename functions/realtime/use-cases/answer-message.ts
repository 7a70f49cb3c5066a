import { ApiError, invalid, unfit } from '../../../contracts/errors.ts';
import { type ClientMessage, clientMessage, maxMessageBytes } from '../../../contracts/realtime/client-messages.ts';
import type { IssueMessage } from '../../../contracts/shared/issue-messages.ts';
import { admitGuest, authenticateConnection } from './authenticate-connection.ts';
import { changeTopics } from './change-topics.ts';
import { type Reply, replyToError } from './reply.ts';
import type { SocketDependencies } from './socket-dependencies.ts';

const malformed = (message: IssueMessage) => invalid([{ path: '', message }]);

/** The message that a frame holds, or VALIDATION_ERROR. */
function readMessage(frame: string | undefined): ClientMessage {
  if (frame === undefined) throw malformed('must be text');
  if (Buffer.byteLength(frame) > maxMessageBytes)
    throw new ApiError('VALIDATION_ERROR', 'socket.too_large', { params: { max: maxMessageBytes } });
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch {
    throw malformed('is not valid JSON');
  }
  const parsed = clientMessage.safeParse(value);
  if (parsed.success) return parsed.data;
  throw unfit(parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })));
}

/** What is no message is counted, too: each frame takes of what all connections together may send. */
async function readCounted(
  connectionId: string,
  frame: string | undefined,
  { connections }: SocketDependencies,
): Promise<ClientMessage> {
  try {
    return readMessage(frame);
  } catch (error) {
    await connections.count(connectionId);
    throw error;
  }
}

async function reply(
  connectionId: string,
  frame: string | undefined,
  dependencies: SocketDependencies,
): Promise<Reply> {
  const message = await readCounted(connectionId, frame, dependencies);
  switch (message.type) {
    case 'auth':
      return authenticateConnection(connectionId, message.token, dependencies);
    case 'guest':
      return admitGuest(connectionId, dependencies);
    case 'ping':
      await dependencies.connections.countPing(connectionId);
      return { message: { type: 'pong' } };
    default:
      return changeTopics(connectionId, message, dependencies);
  }
}

/** Answers one frame of a client's, `undefined` for a binary one. Whatever goes wrong is told in the answer. */
export async function answerMessage(
  connectionId: string,
  frame: string | undefined,
  dependencies: SocketDependencies,
): Promise<void> {
  const { sockets, log } = dependencies;
  let answer: Reply;
  try {
    answer = await reply(connectionId, frame, dependencies);
  } catch (error) {
    answer = replyToError(error);
    const { message } = answer;
    if (message.type === 'error' && (message.code === 'INTERNAL_ERROR' || message.code === 'SERVICE_UNAVAILABLE')) {
      log.error('cannot answer a message', { connection: connectionId, error });
    }
  }
  const reached = await sockets.post(connectionId, answer.message);
  if (reached && answer.close === true) await sockets.close(connectionId);
}
