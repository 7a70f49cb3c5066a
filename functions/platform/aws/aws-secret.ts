import * as z from 'zod';
import { awsKeys, awsRole } from '../../../contracts/credentials/aws.ts';

/** The role of a keyless credential, with the external id that we gave it. */
const awsRoleSecret = awsRole.extend({ external_id: z.string().min(2).max(1_224) });
export type AwsRoleSecret = z.output<typeof awsRoleSecret>;

/** What is sealed of an AWS credential: a key of the user's, or a role that we assume. */
export const awsSecret = z.union([awsKeys, awsRoleSecret]);
export type AwsSecret = z.output<typeof awsSecret>;

export const isRole = (secret: AwsSecret): secret is AwsRoleSecret => 'role_arn' in secret;
