import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';
import { routes } from '../contracts/routes.ts';

/** Binary event streams (Transcribe, Kinesis) are loaded when first used, which no function of ours does: 20 KB. */
export const neverLoaded = ['@smithy/core/event-streams'];

/** As the SDK's own classes are, with the fields that some of them have. */
const makeError = `const make = (name, space, $fault, ...fields) => class extends __BaseException {
  static shapeId = space + '#' + name;
  name = name;
  $fault = $fault;
  constructor(options) {
    super({ name, $fault, ...options });
    // The base sets its own prototype, by which no error would be an instance of its class.
    Object.setPrototypeOf(this, new.target.prototype);
    for (const field of fields) this[field] = options[field];
  }
};`;

/** A class of an error in the SDK's text: its name, the name's space, whose fault it is, and the rest of it. */
const errorClass =
  /^export class (\w+)[\s\S]*?\bshapeId = "(\w+(?:\.\w+)*)#\1"[\s\S]*?\$fault = "(\w+)";([\s\S]*?)\n}$/gm;

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
    // Cognito's 59, KMS's 48 and DynamoDB's 32 errors differ in name, fault and a field or two, each in a class of its own: one maker does. 13, 8 and 8 KB.
    const clients = /client-(?:cognito-identity-provider|kms|dynamodb)\/dist-es\/models\/errors\.js$/;
    build.onLoad({ filter: clients }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const [base = ''] = /^import .*$/m.exec(text) ?? [];
      const errors = [...text.matchAll(errorClass)].map(([, name = '', space, fault, rest = '']) => {
        const fields = [...rest.matchAll(/^ {4}([a-zA-Z]\w*);$/gm)].map(([, field]) => field);
        const kind = `make('${[name, space, fault, ...fields].join("', '")}')`;
        const [retryable] = /\$retryable = \{[^}]*\};/.exec(rest) ?? [];
        return `export const ${name} = ${retryable === undefined ? kind : `class extends ${kind} { ${retryable} }`};`;
      });
      return { contents: [base, makeError, ...errors].join('\n') };
    });
    // A function knows its region; one on EC2 would ask the machine's metadata for it. 1 KB.
    build.onLoad({ filter: /config-resolver\/regionConfig\/getInstanceMetadataRegion\.js$/ }, () => ({
      contents: 'export const getInstanceMetadataRegion = async () => undefined;',
    }));
    // Clients retry as `standard` unless told otherwise, and none of ours is: the strategy that slows down by what it is answered is never made. 3 KB.
    build.onLoad(
      { filter: /@smithy\/core\/dist-es\/submodules\/retry\/util-retry\/AdaptiveRetryStrategy\.js$/ },
      () => ({
        contents:
          "export class AdaptiveRetryStrategy { constructor() { throw new Error('cannot retry adaptively: it is left out of the bundle'); } }",
      }),
    );
    // SHA-256 in JavaScript, for a Node without it. 3 KB.
    build.onLoad({ filter: /@smithy\/core\/dist-es\/submodules\/checksum\/sha256\/Sha256Js\.js$/ }, () => ({
      contents: 'export class Sha256Js {}',
    }));
    // What has no route is refused by methods and paths; the table of all routes brings the schemas of the whole API. 60 KB.
    build.onLoad({ filter: /functions\/system\/domain\/known-routes\.ts$/ }, async () => {
      const known = Object.values(routes).map(({ method, path }) => ({ method, path }));
      return { contents: `export const knownRoutes = ${JSON.stringify(known)};` };
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
