/** The clouds on which a VM can be made, as the wire names them. Each is a folder of functions/compute/providers. */
export const vmProviders = ['aws'] as const;
export type VmProvider = (typeof vmProviders)[number];
