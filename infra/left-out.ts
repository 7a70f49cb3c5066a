import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

/** Binary event streams (Transcribe, Kinesis) are loaded when first used, which no function of ours does: 20 KB. */
export const neverLoaded = ['@smithy/core/event-streams'];

/** As the SDK's own classes are; a field that but one of them has (`reasonCode`) is not read by anybody. */
const makeError = `const make = (name, space, $fault) => class extends __BaseException {
  static shapeId = space + '#' + name;
  name = name;
  $fault = $fault;
  constructor(options) { super({ name, $fault, ...options }); }
};`;

/**
 * Parts of packages that no function uses and no tree shaking drops; 50 KB of 416 in an API function. Each is replaced by the least that its
 * importer takes.
 */
export const leaveOut: Plugin = {
  name: 'leave-out',
  setup(build) {
    // Endpoint discovery is off unless asked for; its cache brings a library of data structures. 8 KB.
    build.onLoad({ filter: /@aws-sdk\/endpoint-cache\/dist-es\/index\.js$/ }, () => ({
      contents: 'export class EndpointCache {}',
    }));
    // A client reads its own version, and gets the list of its development dependencies with it. 2 KB a client.
    build.onLoad({ filter: /@aws-sdk\/client-[^/]+\/package\.json$/ }, ({ path }) => {
      const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
    // Cognito's 59 and KMS's 48 errors differ in name and fault alone, each in a class of its own: one maker does. 13 and 8 KB.
    build.onLoad({ filter: /client-(?:cognito-identity-provider|kms)\/dist-es\/models\/errors\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const [base = ''] = /^import .*$/m.exec(text) ?? [];
      const found = [
        ...text.matchAll(/^export class (\w+)[\s\S]*?\bshapeId = "(\w+(?:\.\w+)*)#\1"[\s\S]*?\$fault = "(\w+)"/gm),
      ];
      const errors = found.map(
        ([, name, space, fault]) => `export const ${name} = make('${name}', '${space}', '${fault}');`,
      );
      return { contents: [base, makeError, ...errors].join('\n') };
    });
    // JSON Schema is made from our schemas as the site is built, never by a function. 15 KB.
    build.onLoad({ filter: /zod\/v4\/core\/(json-schema-processors|to-json-schema)\.js$/ }, ({ path }) => {
      const names = readFileSync(path, 'utf8').matchAll(/^export (?:const|function) (\w+)/gm);
      // Every schema is given the methods that these make; all else is called by who wants a JSON schema.
      const stubOf = (name: string) => (name.startsWith('create') ? '() => refuse' : 'refuse');
      const stubs = [...names].map(([, name = '']) => `export const ${name} = ${stubOf(name)};`);
      const refuse =
        "const refuse = () => { throw new Error('cannot make a JSON schema: it is left out of the bundle'); };";
      return { contents: [refuse, ...stubs].join('\n') };
    });
  },
};
