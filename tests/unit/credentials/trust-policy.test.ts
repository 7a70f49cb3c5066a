import { describe, expect, it } from 'vitest';
import { trustPolicy } from '../../../contracts/credentials/aws.ts';
import { newSecret } from '../../../functions/credentials/domain/new-secret.ts';
import { trustPolicyFor } from '../../../functions/credentials/domain/trust-policy.ts';

const ourRoles = 'arn:aws:iam::111122223333:role/skyclust-prod-visitor-*';
const externalId = '3f9c1a52-7f04-4b61-9d0e-1c2b3a4d5e6f';

describe('the trust policy to paste', () => {
  it('reads so, to the letter', () => {
    expect(JSON.stringify(trustPolicyFor(externalId, ourRoles), undefined, 2)).toBe(`{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {
        "AWS": "arn:aws:iam::111122223333:root"
      },
      "Action": "sts:AssumeRole",
      "Condition": {
        "StringEquals": {
          "sts:ExternalId": "3f9c1a52-7f04-4b61-9d0e-1c2b3a4d5e6f"
        },
        "ArnLike": {
          "aws:PrincipalArn": "arn:aws:iam::111122223333:role/skyclust-prod-visitor-*"
        }
      }
    }
  ]
}`);
  });

  it('is of the partition that the stage is in, and has the form of the contract', () => {
    const abroad = trustPolicyFor(externalId, ourRoles.replace('arn:aws:', 'arn:aws-cn:'));
    expect(abroad.Statement[0]?.Principal.AWS).toBe('arn:aws-cn:iam::111122223333:root');
    expect(trustPolicy.parse(abroad)).toEqual(abroad);
  });
});

describe('a new secret', () => {
  const place = { ourRoles, field: 'data' } as const;
  const role = { role_arn: 'arn:aws:iam::444455556666:role/skyclust', region: 'eu-west-1' };

  it('of a role has an external id of ours', () => {
    expect(newSecret(role, () => externalId, place)).toEqual({
      data: { ...role, external_id: externalId },
      keyless: { role_arn: role.role_arn, external_id: externalId },
    });
  });

  it('may not be a role of our own account, which may trust us without one', () => {
    const own = { ...role, role_arn: 'arn:aws:iam::111122223333:role/cdk-hnb659fds-deploy-role' };
    expect(() => newSecret(own, () => externalId, { ...place, field: 'credentials' })).toThrow(
      expect.objectContaining({
        data: { issues: [{ path: 'body.credentials.role_arn', message: expect.any(String) }] },
      }),
    );
  });

  it('of a key is that key', () => {
    const node = { node_id: externalId };
    expect(newSecret(node, () => externalId, place)).toEqual({ data: node, keyless: null });
  });
});
