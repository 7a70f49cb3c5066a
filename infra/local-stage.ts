import type { Settings } from './settings.ts';

/**
 * Everything in which the local stage differs from AWS, and why. By `isLocal`, make-stacks.ts leaves out the edge stack too (CloudFront and WAF: the edge
 * process of `local/` stands in), and with its region the references across regions; stacks/data.ts the copy of the edge's secret there.
 */
export const isLocal = ({ stage }: Settings): boolean => stage === 'local';

/** Answers say what they cost, so that tests can hold them to a budget. */
export const localEnvironment = (settings: Settings): Record<string, string> =>
  isLocal(settings) ? { METER_HEADER: '1' } : {};

/** The emulator has no price list, and takes seconds to say so, in which it answers nobody else: the price file stands in. */
export const priceEnvironment = (settings: Settings): Record<string, string> => ({
  PRICE_SERVICE: isLocal(settings) ? '0' : '1',
});

/** The emulator's WebSocket management endpoint: on AWS it is the stage's own host name, which does not exist here. */
export const socketEndpoint = (settings: Settings, apiId: string, onAws: string): string =>
  isLocal(settings) ? `${process.env.AWS_ENDPOINT_URL ?? 'http://127.0.0.1:4566'}/_aws/execute-api/${apiId}/ws` : onAws;

/** The emulator's CloudFormation does not tell the records that prove a mail domain, and its SES takes every domain as proven. */
export const tellsMailRecords = (settings: Settings): boolean => !isLocal(settings);

/** The emulator's IAM reads neither the domain nor the sender of a mail that is to be sent: it knows the right to send any, or none. */
export const knowsMailSenders = (settings: Settings): boolean => !isLocal(settings);

/** Points the clients of a command at the emulator that `npm start` runs, unless the environment names another. */
export function useLocalEmulator(): void {
  const { EMULATOR_PORT = '4566' } = process.env;
  const defaults = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${EMULATOR_PORT}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'eu-west-1',
  };
  Object.assign(process.env, { ...defaults, ...process.env });
}
