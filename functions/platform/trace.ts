import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { getXrayTraceDataFromEnv } from '@aws-lambda-powertools/commons/utils/env';

/** A stretch of work as its trace shows it. */
export interface Stretch {
  /** A route (`vms.create`) or a step (`vm-lifecycle launch`): letters, digits, spaces and `_.:/%&#=+\-@`. */
  name: string;
  from: Date;
  to: Date;
  /** What traces are searched by: `annotation.request_id = "req_…"`. Names hold letters, digits and `_`. */
  annotations: Readonly<Record<string, string | number | boolean>>;
  outcome: 'done' | 'refused' | 'failed';
}

export interface Trace {
  /** Adds the stretch to the trace of this invocation, if it is sampled. Never throws, never waits. */
  add(stretch: Stretch): void;
}

interface TraceOptions {
  /** `<address>:<port>` of the X-Ray daemon; nothing is sent without one. Lambda sets it where tracing is active. */
  daemon?: string | undefined;
  /** Of the current invocation: `Root`, `Parent`, `Sampled`. */
  readInvocation?: () => Record<string, string> | undefined;
  newId?: () => string;
}

const header = '{"format":"json","version":1}\n';
const seconds = (time: Date) => time.getTime() / 1_000;

/** A subsegment of the function's own segment (https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html). */
function documentOf({ name, from, to, annotations, outcome }: Stretch, id: string, root: string, parent: string) {
  return {
    name,
    id,
    trace_id: root,
    parent_id: parent,
    type: 'subsegment',
    start_time: seconds(from),
    end_time: seconds(to),
    ...(outcome === 'refused' && { error: true }),
    ...(outcome === 'failed' && { fault: true }),
    annotations,
  };
}

/**
 * Annotates traces. Lambda makes the segment of each invocation by itself and takes no annotations; a subsegment does, sent to the daemon beside the
 * function as one datagram. One a function, made as it starts.
 */
export function createTrace({
  daemon = process.env['AWS_XRAY_DAEMON_ADDRESS'],
  readInvocation = getXrayTraceDataFromEnv,
  newId = () => randomBytes(8).toString('hex'),
}: TraceOptions = {}): Trace {
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(daemon ?? '') ?? [];
  let socket: Socket | undefined;
  return {
    add(stretch) {
      const { Root: root, Parent: parent, Sampled: sampled } = readInvocation() ?? {};
      if (host === undefined || root === undefined || parent === undefined || sampled !== '1') return;
      if (socket === undefined) {
        // It keeps no process alive; what the daemon does not take is lost, as traces may be.
        socket = createSocket('udp4').unref();
        socket.on('error', () => undefined);
      }
      socket.send(header + JSON.stringify(documentOf(stretch, newId(), root, parent)), Number(port), host);
    },
  };
}
