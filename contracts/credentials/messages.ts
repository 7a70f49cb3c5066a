export const credentialMessages = {} as const;
