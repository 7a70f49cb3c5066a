import * as z from 'zod';

/** As regions are named, `eusc-de-east-1` too; whether there is one, AWS says. */
export const awsRegionName = /^[a-z]{2,4}(-[a-z]{2,12}){1,3}-\d{1,2}$/;

const region = z.string().regex(awsRegionName, { error: 'must be a region such as eu-west-1' });

/** An access key of IAM. The patterns are wider than what AWS makes today, and narrow enough that a pasted sentence or two lines do not pass. */
export const awsKeys = z
  .strictObject({
    access_key: z.string().regex(/^[A-Z0-9]{16,128}$/, { error: 'must be 16 to 128 capital letters and digits' }),
    secret_key: z
      .string()
      .regex(/^[\x21-\x7e]{1,128}$/, { error: 'must be 1 to 128 printable characters without spaces' }),
    region,
  })
  .meta({
    id: 'AwsKeys',
    // The keys that AWS's own documentation shows.
    example: {
      access_key: 'AKIAIOSFODNN7EXAMPLE',
      secret_key: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      region: 'eu-west-1',
    },
  });

/** The account that a role's ARN, or a pattern of such, is of. */
export const accountOfRole = (roleArn: string): string => roleArn.split(':')[4] ?? '';

/** Keyless: a role of the user's own account that lets us assume it. The external id is ours, never the user's, so there is no field for it. */
export const awsRole = z
  .strictObject({
    role_arn: z
      .string()
      .max(2_048)
      .regex(/^arn:aws(-[a-z]+)*:iam::\d{12}:role\/[\w+=,.@-]+(\/[\w+=,.@-]+)*$/, {
        error: 'must be the ARN of a role, such as arn:aws:iam::111122223333:role/skyclust',
      }),
    region,
  })
  .meta({ id: 'AwsRole', example: { role_arn: 'arn:aws:iam::111122223333:role/skyclust', region: 'eu-west-1' } });
export type AwsRole = z.output<typeof awsRole>;

/** What the user pastes as the trust policy of the role: it lets our functions in, with this credential's external id alone. */
export const trustPolicy = z
  .strictObject({
    Version: z.literal('2012-10-17'),
    Statement: z.array(
      z.strictObject({
        Effect: z.literal('Allow'),
        Principal: z.strictObject({ AWS: z.string().meta({ example: 'arn:aws:iam::444455556666:root' }) }),
        Action: z.literal('sts:AssumeRole'),
        Condition: z.strictObject({
          StringEquals: z.strictObject({ 'sts:ExternalId': z.string() }),
          ArnLike: z.strictObject({ 'aws:PrincipalArn': z.string() }),
        }),
      }),
    ),
  })
  .meta({ id: 'TrustPolicy' });
export type TrustPolicy = z.output<typeof trustPolicy>;
