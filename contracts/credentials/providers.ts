/** The clouds that a credential may be of. */
export const providerNames = ['aws', 'gcp', 'azure', 'libvirt'] as const;
export type ProviderName = (typeof providerNames)[number];
