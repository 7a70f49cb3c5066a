import type { Exchange } from './exchange.ts';

export interface RequestOutcome {
  status: number;
  code?: string | undefined;
  error?: unknown;
  milliseconds: number;
}

/** Where each request leaves its one log line and its metrics. */
export interface RequestLogger {
  /** Keys that every line of this request carries. */
  begin(exchange: Exchange): void;
  known(caller: { userId: string }): void;
  end(exchange: Exchange, outcome: RequestOutcome): void;
  error(message: string, error: unknown): void;
}
