import type { FunctionName } from '../contracts/route.ts';

export interface FunctionSpec {
  description: string;
  memoryMb?: number;
  timeoutSeconds?: number;
  /** In five minutes, where an error is an answer: a step throws what a person asked wrongly. 0 unless given. */
  usualErrors?: number;
  /** Hands messages back to its own queue time and again: Lambda takes 16 times for a loop without end, and stops it unless it is told. */
  loops?: true;
  /** Enters the users' AWS accounts: it may assume roles there, and its own role has a name that their trust policies know. */
  assumesRoles?: true;
}

/** An API function answers a person, so it gets the CPU of more memory; it gives up before API Gateway's 30 s do. */
const api = { memoryMb: 1024, timeoutSeconds: 20 };

/** Every function of the platform by the name of its entry file, `functions/<context>/handlers/<name>.lambda.ts`. */
export const functions = {
  'identity-api': { ...api, description: 'Registration, sessions, passwords' },
  // Cognito waits 5 s for it, and asks three times.
  'token-scopes': { description: 'Takes from access tokens the right to call Cognito', timeoutSeconds: 5 },
  'users-api': { ...api, description: 'Users, API keys' },
  'workspaces-api': { ...api, description: 'Workspaces, members, quotas' },
  'notifications-api': { ...api, description: 'Notifications and their preferences' },
  'audit-api': { ...api, description: 'Reads and verifies the audit trail' },
  'system-api': { ...api, description: 'Health, statistics, and what no route is for' },
  'credentials-api': { ...api, description: 'Cloud credentials; can seal them, never open one' },
  'credential-checks': {
    ...api,
    description: 'Opens credentials to ask their clouds and to encrypt them anew',
    assumesRoles: true,
  },
  'providers-api': {
    ...api,
    // Reading a provider's whole catalog may take 18 s.
    timeoutSeconds: 25,
    description: 'Catalogs, accounts and prices of providers: opens credentials, calls the provider',
    assumesRoles: true,
  },
  'compute-api': { ...api, description: 'Virtual machines' },
  'schedules-api': { ...api, description: 'When the VMs of a workspace start and stop' },
  'realtime-socket': { description: 'Connections of the WebSocket API', timeoutSeconds: 20 },
  'realtime-push': { description: 'Sends events to who is connected and may see them', timeoutSeconds: 60 },
  'member-profiles': {
    description: 'Copies names and addresses of users into their rows as members',
    timeoutSeconds: 60,
  },
  'raise-notifications': {
    description: 'Decides who is told of what, and puts their notifications',
    timeoutSeconds: 30,
  },
  'send-mails': {
    description: 'Mails notifications and codes, making the codes',
    timeoutSeconds: 30,
    // Quiet hours end after up to 96 quarters of an hour.
    loops: true,
  },
  relay: { description: 'Turns changes of the table into events and state machine executions', timeoutSeconds: 60 },
  'audit-chain': { description: 'Chains audit rows by hash', timeoutSeconds: 60 },
  counters: { description: 'Counts users, workspaces, credentials and VMs, event by event', timeoutSeconds: 30 },
  'audit-anchor': {
    description: 'Keeps the heads of the audit chains where nobody can change them',
    timeoutSeconds: 240,
  },
  // It begins nothing new after 10 minutes; a part takes some 30 s, rows that get an end a minute.
  'audit-archive': {
    description: 'Archives the audit rows of each day, and lets those end that the table need not hold any more',
    memoryMb: 1024,
    timeoutSeconds: 900,
  },
  // A stretch of the work ends after 150 s, once what it is reading has been written.
  'audit-export': {
    description: 'Writes large exports of the audit log',
    memoryMb: 1024,
    timeoutSeconds: 300,
  },
  // A step polls the provider for up to 3 minutes.
  'vm-steps': {
    description: 'Steps of vm-lifecycle: opens credentials, calls the provider',
    timeoutSeconds: 300,
    usualErrors: 20,
    assumesRoles: true,
  },
  // A step waits for the deletion of VMs for nearly 4 minutes. Not being able to delete one is an answer.
  'workspace-teardown': {
    description: 'Steps of workspace-teardown: deletes what a workspace holds, then the workspace',
    timeoutSeconds: 285,
    usualErrors: 20,
  },
  // As many timers as are due: 500 of an hour, each some 50 ms of waiting, ten at a time.
  'fire-timers': { description: 'Does what is due: expiries, schedules, passwords half replaced', timeoutSeconds: 60 },
  // 60 accounts a page, some 50 ms each, and 1,000 users a page: 200,000 of each within this.
  'account-sweep': {
    description: 'Removes accounts at Cognito that no user came of',
    memoryMb: 1024,
    timeoutSeconds: 300,
  },
  // Of ten workspaces, each provider may take 10 s a page.
  reconcile: {
    description: 'Compares VMs with the machines of their clouds: opens credentials, calls the provider',
    timeoutSeconds: 120,
    assumesRoles: true,
  },
  'origin-secret-hash': { description: "Hands the hash of the edge's secret to a deployment", memoryMb: 256 },
} as const satisfies Record<string, FunctionSpec> & Record<FunctionName, FunctionSpec>;

export type DeclaredFunction = keyof typeof functions;
