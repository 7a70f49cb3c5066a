// EC2's query protocol, as far as the proxy must read or write it.

const version = '2016-11-15';

export const describeQuery = (ids: readonly string[]): string => {
  const params = new URLSearchParams({ Action: 'DescribeInstances', Version: version });
  ids.forEach((id, index) => void params.set(`InstanceId.${index + 1}`, id));
  return params.toString();
};

export const instanceIds = (xml: string): string[] => [
  ...new Set([...xml.matchAll(/<instanceId>(i-[0-9a-f]+)<\/instanceId>/g)].map((match) => match[1] ?? '')),
];

/** Whether every instance in an answer of DescribeInstances is terminated. */
export const isAllTerminated = (xml: string): boolean => {
  const states = [...xml.matchAll(/<instanceState>[\s\S]*?<name>([a-z-]+)<\/name>[\s\S]*?<\/instanceState>/g)].map(
    (match) => match[1],
  );
  return states.length > 0 && states.every((state) => state === 'terminated');
};

/** The one reservation in an answer of DescribeInstances, as RunInstances answers it: the fields are the same. */
export const toRunInstancesAnswer = (xml: string): string => {
  const reservation = /<reservationSet>\s*<item>([\s\S]*)<\/item>\s*<\/reservationSet>/.exec(xml)?.[1] ?? '';
  const requestId = /<requestId>[\s\S]*?<\/requestId>/.exec(xml)?.[0] ?? '';
  return `<?xml version="1.0" encoding="UTF-8"?>\n<RunInstancesResponse xmlns="http://ec2.amazonaws.com/doc/${version}/">${requestId}${reservation}</RunInstancesResponse>`;
};

const escaped = (text: string): string =>
  text.replace(/[<>&]/g, (char) => ({ '<': '&lt;', '>': '&gt;' })[char] ?? '&amp;');

export const ec2Error = (status: number, code: string, message: string) => ({
  status,
  headers: { 'content-type': 'text/xml;charset=UTF-8' },
  body: Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>${escaped(code)}</Code><Message>${escaped(message)}</Message></Error></Errors><RequestID>${crypto.randomUUID()}</RequestID></Response>`,
  ),
});
