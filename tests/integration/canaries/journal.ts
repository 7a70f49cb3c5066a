import type { SharedStack } from '../../support/global-setup.ts';
import { createHttp, type Http, type HttpAnswer } from '../../support/http-client.ts';
import { createSecrets, type Secrets } from './secrets.ts';

/** Where flows get their secrets from, and where all that the product said is kept. */
export interface Journal {
  stack: SharedStack;
  secrets: Secrets;
  http: Http;
  /** Every answer, but for the tokens of those that are to hand them out. */
  answers: string[];
  /** Of each answer that the log must have a line of. */
  requestIds: string[];
  /** What sockets were sent. */
  messages: string[];
  statuses: Map<number, number>;
}

/** The fields in which the contract hands a token out. */
const handedOut = ['token', 'refresh_token', 'access_token'];
const isSession = (path: string) => /^\/auth\/(register|login|refresh)$/.test(path);

const withoutTokens = (body: unknown): unknown => {
  if (typeof body !== 'object' || body === null) return body;
  const entries = Object.entries(body).filter(([name]) => !handedOut.includes(name));
  return Object.fromEntries(entries.map(([name, value]) => [name, name === 'data' ? withoutTokens(value) : value]));
};

export function openJournal(stack: SharedStack): Journal {
  const call = createHttp(stack.base_url);
  const journal: Journal = {
    stack,
    secrets: createSecrets(),
    answers: [],
    requestIds: [],
    messages: [],
    statuses: new Map(),
    async http(method, path, request) {
      const answer = await call(method, path, request);
      note(path, answer);
      return answer;
    },
  };
  function note(path: string, { status, headers, body }: HttpAnswer): void {
    const shown = status < 300 && isSession(path) ? withoutTokens(body) : body;
    journal.answers.push(JSON.stringify([[...headers], shown]));
    // What no route is for is not counted, and not logged.
    if (headers.has('x-ratelimit-limit')) journal.requestIds.push(String(body.request_id));
    journal.statuses.set(status, (journal.statuses.get(status) ?? 0) + 1);
  }
  return journal;
}
