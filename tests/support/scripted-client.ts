/** What one request gets: an answer, or an error that the send throws. */
export type Step = object | Error;

export interface Script {
  /** The inputs of the requests so far, in order. */
  readonly inputs: Record<string, unknown>[];
  /** The commands' names, in order. */
  readonly commands: string[];
}

interface Scriptable {
  middlewareStack: {
    add(
      middleware: (next: unknown, context: { commandName?: string }) => (args: { input: object }) => Promise<never>,
      options: { step: 'initialize'; name: string },
    ): void;
  };
}

/** Enough for any retries that end. */
const mostRepeats = 50;

/**
 * Answers an SDK client's requests from a list, so nothing reaches a network. The last step is repeated when `repeat` is
 * set; else a request too many fails the test.
 */
export function script(client: object, steps: readonly Step[], { repeat = false } = {}): Script {
  const inputs: Record<string, unknown>[] = [];
  const commands: string[] = [];
  (client as Scriptable).middlewareStack.add(
    (_next, context) => async (args) => {
      const step = steps[inputs.length] ?? (repeat && inputs.length < mostRepeats ? steps.at(-1) : undefined);
      inputs.push(args.input as Record<string, unknown>);
      commands.push(String(context.commandName).replace(/Command$/, ''));
      if (step === undefined) throw new Error(`no step is left for ${context.commandName}`);
      if (step instanceof Error) throw step;
      return { output: { $metadata: {}, ...step }, response: {} } as never;
    },
    { step: 'initialize', name: 'script' },
  );
  return { inputs, commands };
}
