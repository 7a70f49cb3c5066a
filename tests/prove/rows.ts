/** One promise, and the tests that hold it. */
export interface Row {
  nth: number;
  what: string;
  /** As much of it as is run with PROVE=1. */
  size: string;
  /** Test files, or folders of them, from the repository's root. */
  tests: readonly string[];
}

/** The rows that this version of the product can prove. */
export const rows: readonly Row[] = [
  {
    nth: 1,
    what: 'one first admin, and never none',
    size: '50 registrations at once × 20',
    tests: ['tests/integration/identity/first-admin.test.ts', 'tests/integration/identity/last-admin.test.ts'],
  },
  {
    nth: 2,
    what: 'quotas and other limits hold in a burst',
    size: '200 creators, quota 5 × 50',
    tests: ['tests/integration/workspaces/races.test.ts'],
  },
  {
    nth: 3,
    what: 'nobody in where they do not belong',
    size: 'every route × 8 kinds of caller, own and foreign',
    tests: ['tests/integration/matrix/matrix.test.ts', 'tests/integration/identity/api-keys.test.ts'],
  },
  {
    nth: 4,
    what: 'no secret out',
    size: '50 secrets and more, through every flow, with failures',
    tests: ['tests/integration/canaries/canaries.test.ts', 'tests/integration/credentials/secrecy.test.ts'],
  },
  {
    nth: 5,
    what: 'ciphertexts that were changed or moved do not open',
    size: '1,000 bits flipped, 100 moved',
    tests: ['tests/integration/crypto/secrets.test.ts', 'tests/integration/credentials/secrecy.test.ts'],
  },
  {
    nth: 6,
    what: 'bad tokens are refused, ended ones at the next request',
    size: '40 forged and more',
    tests: ['tests/integration/identity/tokens.test.ts', 'tests/integration/identity/sessions.test.ts'],
  },
  {
    nth: 7,
    what: 'one effect and one answer a key',
    size: 'every POST that takes a key, 20 at once × 20',
    tests: ['tests/integration/idempotency/idempotency.test.ts', 'tests/integration/workspaces/idempotency.test.ts'],
  },
  {
    nth: 8,
    what: 'a workflow is done, or undone as if never begun',
    size: 'every step of vm-lifecycle and workspace-teardown × every way to fail',
    tests: [
      'tests/state-machines/vm-lifecycle/step-faults.test.ts',
      'tests/state-machines/vm-lifecycle/tags.test.ts',
      'tests/state-machines/workspace-teardown/teardown.test.ts',
      'tests/integration/workspaces/forced-deletion.test.ts',
    ],
  },
  {
    nth: 9,
    what: 'functions killed in the middle of anything: all at rest within two ticks, nothing left behind',
    size: '480 kills by seed; every call of every workflow, tick and timer once before and once after',
    tests: [
      'tests/state-machines/chaos/kills.test.ts',
      'tests/state-machines/vm-lifecycle/crash-points.test.ts',
      'tests/integration/reconcile/lies.test.ts',
      'tests/integration/timers',
    ],
  },
  {
    nth: 10,
    what: 'a provider that lies: one machine at most a VM, and since when it is not known; a table that fails: all or nothing',
    size: '500 seeds on EC2, 500 through the reconciler; every route that writes, deployed',
    tests: [
      'tests/integration/compute/lifecycle-on-ec2.test.ts',
      'tests/integration/reconcile/lies.test.ts',
      'tests/integration/reconcile/reconcile.test.ts',
      'tests/state-machines/vm-lifecycle/provider-faults.test.ts',
      'tests/integration/bad-days/bad-days.test.ts',
    ],
  },
  {
    nth: 20,
    what: 'clients that lose their sockets know how things are, and nothing foreign',
    size: '500 clients dropped × 3',
    tests: ['tests/integration/realtime/deployed.test.ts', 'tests/integration/realtime/reconnect.test.ts'],
  },
  {
    nth: 21,
    what: 'tampering with audit rows is found',
    size: '100 of each kind',
    tests: ['tests/unit/audit/tampering.test.ts', 'tests/unit/audit/anchor.test.ts'],
  },
  {
    nth: 22,
    what: 'what was exported, wiped and imported is equal',
    size: '5,000 items, interrupted at every 17th',
    tests: ['tests/integration/backup'],
  },
  {
    nth: 23,
    what: 'the API answers as its OpenAPI document says, whatever it is sent',
    size: '100 cases an operation as an owner, stateful; 25 as an admin, a viewer and nobody',
    tests: ['tests/integration/fuzz/fuzz.test.ts'],
  },
  {
    nth: 25,
    what: 'properties hold: cursors, keys, redaction, input, sessions',
    size: '300 to 3,000 runs each',
    tests: [
      'tests/unit/platform/table/cursor.test.ts',
      'tests/unit/platform/table/key.test.ts',
      'tests/unit/platform/redact.test.ts',
      'tests/unit/platform/api',
      'tests/unit/audit/cursors.test.ts',
      'tests/unit/audit/list.test.ts',
      'tests/unit/identity',
      'tests/unit/credentials/contract.test.ts',
      'tests/unit/realtime/presence.test.ts',
      'tests/unit/workspaces',
    ],
  },
  {
    nth: 26,
    what: 'templates and toolchain keep their rules',
    size: 'all; cdk-nag as the templates are made',
    tests: ['tests/unit/infra', 'tests/unit/toolchain'],
  },
  {
    nth: 29,
    what: 'every operation costs what is written',
    size: 'every operation; a tick of 20 workspaces',
    tests: ['tests/integration/costs/costs.test.ts', 'tests/integration/reconcile/tick-costs.test.ts'],
  },
];
