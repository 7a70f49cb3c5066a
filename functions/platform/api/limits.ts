/** Calls an hour, settable per stage. */
export interface Limits {
  user: number;
  api_key: number;
  node: number;
  anonymous: number;
  sign_in: number;
}

export const defaultLimits: Limits = { user: 1_000, api_key: 10_000, node: 10_000, anonymous: 100, sign_in: 300 };

/** The stage's limits as the deployment wrote them; what it leaves out keeps its default. */
export function readLimits(text: string): Limits {
  const limits = { ...defaultLimits, ...(JSON.parse(text) as Partial<Limits>) };
  for (const [name, value] of Object.entries(limits)) {
    if (!Object.hasOwn(defaultLimits, name) || !Number.isInteger(value) || value < 1)
      throw new Error(`cannot use limit ${name}`);
  }
  return limits;
}
