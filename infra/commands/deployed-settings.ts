import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { Settings } from '../settings.ts';

/** What a stage was deployed with, as its data stack tells; undefined where there is none, or one of a version that did not tell. */
export async function readDeployedSettings(
  stackName: string,
  client: CloudFormationClient,
): Promise<Partial<Settings> | undefined> {
  const stack = await client.send(new DescribeStacksCommand({ StackName: stackName })).then(
    ({ Stacks }) => Stacks?.[0],
    (error: Error) => {
      if (!/ does not exist$/.test(error.message)) throw error;
      return undefined;
    },
  );
  const text = stack?.Outputs?.find(({ OutputKey }) => OutputKey === 'Settings')?.OutputValue;
  return text === undefined ? undefined : JSON.parse(text);
}

export const cloudFormationIn = (region: string | undefined): CloudFormationClient =>
  new CloudFormationClient(region === undefined ? {} : { region });
