import { accountOfRole, type TrustPolicy } from '../../../contracts/credentials/aws.ts';

/**
 * Lets in the functions of ours whose roles have names of this pattern, with this external id alone. The principal is our account, not the roles
 * themselves: AWS keeps a role that is named there by its internal id, so one that a deployment replaces would be locked out of every account.
 */
export function trustPolicyFor(externalId: string, ourRoles: string): TrustPolicy {
  const [arn, partition] = ourRoles.split(':');
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: `${arn}:${partition}:iam::${accountOfRole(ourRoles)}:root` },
        Action: 'sts:AssumeRole',
        Condition: {
          StringEquals: { 'sts:ExternalId': externalId },
          ArnLike: { 'aws:PrincipalArn': ourRoles },
        },
      },
    ],
  };
}
