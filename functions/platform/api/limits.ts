/** Calls an hour, settable per stage. */
export interface Limits {
  user: number;
  api_key: number;
  node: number;
  anonymous: number;
  sign_in: number;
}

export const defaultLimits: Limits = { user: 1_000, api_key: 10_000, node: 10_000, anonymous: 100, sign_in: 300 };
