import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import type { TrustPolicy } from '../../../contracts/credentials/aws.ts';

interface Client {
  endpoint: string;
  region: string;
}

/** An AWS account of the emulator's: its number is the access key of its root. */
export function openAccount({ endpoint, region }: Client, account: string) {
  const credentials = { accessKeyId: account, secretAccessKey: 'test' };
  const iam = new IAMClient({ endpoint, region, credentials });
  return {
    account,
    credentials,
    /** Answers its ARN. */
    async makeRole(name: string, trust: TrustPolicy | object): Promise<string> {
      const role = { RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust) };
      return String((await iam.send(new CreateRoleCommand(role))).Role?.Arn);
    },
    async trust(role: string, policy: TrustPolicy): Promise<void> {
      const PolicyDocument = JSON.stringify(policy);
      await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: role, PolicyDocument }));
    },
    async allow(role: string, statement: object): Promise<void> {
      const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
      await iam.send(new PutRolePolicyCommand({ RoleName: role, PolicyName: 'allowed', PolicyDocument }));
    },
    async makeKey(name: string): Promise<{ access_key: string; secret_key: string; region: string }> {
      await iam.send(new CreateUserCommand({ UserName: name }));
      const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));
      return { access_key: String(AccessKey?.AccessKeyId), secret_key: String(AccessKey?.SecretAccessKey), region };
    },
    close: () => iam.destroy(),
  };
}

/** A policy that lets any caller of the account in, whatever its external id. */
export const openTrust = (account: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'sts:AssumeRole' }],
});
