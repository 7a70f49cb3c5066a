import * as z from 'zod';

/** An access key of IAM. The patterns are wider than what AWS makes today, and narrow enough that a pasted sentence or two lines do not pass. */
export const awsData = z
  .strictObject({
    access_key: z.string().regex(/^[A-Z0-9]{16,128}$/, { error: 'must be 16 to 128 capital letters and digits' }),
    secret_key: z
      .string()
      .regex(/^[\x21-\x7e]{1,128}$/, { error: 'must be 1 to 128 printable characters without spaces' }),
    region: z
      .string()
      .regex(/^[a-z]{2,4}(-[a-z]{2,12}){1,3}-\d{1,2}$/, { error: 'must be a region such as eu-west-1' }),
  })
  .meta({
    id: 'AwsCredentialData',
    // The keys that AWS's own documentation shows.
    example: {
      access_key: 'AKIAIOSFODNN7EXAMPLE',
      secret_key: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      region: 'eu-west-1',
    },
  });
export type AwsData = z.output<typeof awsData>;

/** The secret of a credential by its provider. A provider that is not here cannot be stored yet. */
export const dataByProvider = { aws: awsData } as const;
export type SupportedProvider = keyof typeof dataByProvider;
export type CredentialData = z.output<(typeof dataByProvider)[SupportedProvider]>;
