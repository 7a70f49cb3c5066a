import { randomUUID } from 'node:crypto';
import { issueMessages } from '../../../contracts/shared/issue-messages.ts';
import type { Http } from '../../support/http-client.ts';
import { addMember, makeWorkspace, type Person, register } from '../../support/people.ts';

type Things = Readonly<Record<string, readonly string[]>>;

/** What the fuzzer aims at, by kind of thing. */
export interface Targets {
  /** Things that stay, which reads and changes are aimed at. */
  kept: Things;
  /** Things to throw away, which the ending calls are aimed at. */
  spare: Things;
  /** Operations that end a thing or take it from its people. */
  ending: readonly string[];
  /** Ids that no ending call may reach. */
  needed: readonly string[];
  /** An id of nobody. */
  nobody: string;
  /** Rules that no JSON Schema says, as patterns of the issues that tell of them: a request that fits its schema may break these. */
  unsaid: readonly string[];
}

export interface Scene {
  targets: Targets;
  owner: Person;
  viewer: Person;
  /** Of the owner, with all that the owner may. */
  apiKey: string;
}

const ending = [
  'users.update',
  'users.delete',
  'apikeys.delete',
  'members.update',
  'members.remove',
  'workspaces.delete',
  'credentials.delete',
  'vms.delete',
];

const unsaid = [
  // Classes of Unicode, which not every tool's patterns know.
  'must hold a (letter|digit)',
  'must not hold control characters',
  'must hold letters, digits, spaces and _ . : / = . - @ alone',
  // Bytes, where a schema counts characters; names that are somebody's own.
  'must be at most .+ bytes of UTF-8',
  'must not begin with aws: or skyclust:',
  'must leave room for the number that each of several VMs gets',
  // What only the server can know: codes, passwords, places in lists, the clock, what a provider sells.
  'body.code: is wrong or has ended',
  'body.current_password: is wrong',
  'query.cursor: is not a cursor of this list',
  'must be in the future',
  'must be within the years 0000 to 9999',
  'is no instance type of',
  'has no known price in',
  'is not one that can be used',
  'is no time zone',
  'must be a time zone',
  // Ranges that run backwards, days that no month has, and how near two runs are.
  'must be five fields of cron',
  'never comes',
  'must not end as they start',
  'must leave 5 minutes between two runs',
  'must be a role of an account of your own',
  // What an address on the web is, RFC 3986 and the standard of browsers do not say alike.
  'body.profile_image: (Invalid|잘못된) URL',
  // Of one field as another is, or as stored things are.
  'query.offset: does not go with a cursor',
  'query.credential_id: (is required: there are several|you have no) active',
  'body.credential_id: (is required: )?the workspace has (no|several) active',
  'must be the data of a credential of',
  'body.workspace_id: is required of whoever is not a member of exactly one workspace',
  // Of its own good ones the fuzzer takes the quotes off.
  'headers.if-match: must be one quoted version, as ETag gave it',
];

const literally = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The same rules, as they are told in Korean. */
function koreanOf(rule: string): string[] {
  const [, place = '', said = ''] = /^((?:body|query|headers)\.[\w.-]+: )?(.*)$/.exec(rule) ?? [];
  return Object.entries(issueMessages).flatMap(([english, korean]) =>
    new RegExp(said).test(english)
      ? [
          `${place}${korean
            .split(/\{\w+\}/)
            .map(literally)
            .join('.+')}`,
        ]
      : [],
  );
}

/** An owner with a workspace that holds one of everything, a viewer in it, and as much again to throw away. */
export async function makeScene(http: Http, admin: Person): Promise<Scene> {
  const [owner, viewer, member, leaver] = (await Promise.all(
    ['owner', 'viewer', 'member', 'leaver'].map((name) => register(http, `fuzz-${name}`)),
  )) as [Person, Person, Person, Person];
  const makeWhole = async (path: string, body: object): Promise<{ id: string; key?: string }> => {
    const answer = await http('POST', path, { token: owner.token, body });
    if (answer.status >= 300) throw new Error(`cannot set the scene: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body.data;
  };
  const make = async (path: string, body: object) => (await makeWhole(path, body)).id;
  const [workspace, spareWorkspace] = [await makeWorkspace(http, owner), await makeWorkspace(http, owner)];
  await addMember(http, owner, workspace, viewer, 'viewer');
  await addMember(http, owner, workspace, member, 'member');
  await addMember(http, owner, workspace, leaver, 'member');
  const makeCredential = () =>
    make('/credentials', {
      workspace_id: workspace,
      provider: 'aws',
      data: { access_key: 'AKIAFUZZ000000000000', secret_key: 'fuzz'.repeat(10), region: 'eu-west-1' },
    });
  const [credential, spareCredential] = [await makeCredential(), await makeCredential()];
  const makeVm = (name: string) =>
    make('/vms', {
      workspace_id: workspace,
      credential_id: credential,
      name,
      provider: 'aws',
      instance_type: 't3.micro',
      region: 'eu-west-1',
      image_id: 'ami-12c6146b',
    });
  const [vm, spareVm] = [await makeVm('kept'), await makeVm('spare')];
  const makeKey = () => make('/auth/api-keys', { name: 'fuzz' });
  const [key, spareKey] = [await makeKey(), await makeKey()];
  const { id: callerKey, key: apiKey = '' } = await makeWhole('/auth/api-keys', { name: 'caller' });
  return {
    owner,
    viewer,
    apiKey,
    targets: {
      kept: { workspace: [workspace], user: [owner.id, member.id], credential: [credential], vm: [vm], key: [key] },
      spare: {
        workspace: [spareWorkspace],
        user: [leaver.id],
        credential: [spareCredential],
        vm: [spareVm],
        key: [spareKey],
      },
      ending,
      needed: [workspace, credential, vm, key, callerKey, owner.id, viewer.id, member.id, admin.id],
      nobody: randomUUID(),
      unsaid: [...unsaid, ...unsaid.flatMap(koreanOf)],
    },
  };
}
