/** How large a test was and what it measured, for the table of proofs: vitest's JSON report carries `meta`. */
export const tellFigures = (task: { meta: object }, figures: Readonly<Record<string, number | string>>): void =>
  void Object.assign(task.meta, { figures });
