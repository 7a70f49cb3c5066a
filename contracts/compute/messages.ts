export const computeMessages = {} as const;
