import { isDeepStrictEqual } from 'node:util';
import { type Context, defaultSettings, type Settings, saidSettings } from './settings.ts';

type Name = keyof Settings;

/** Clocks are stopped for a while by `-c`, and run again once it is left out. */
const forAWhile = new Set<Name>(['reconcile', 'timers', 'auditAnchor', 'auditArchive', 'accountSweep']);

/** What protects somebody: less of it is not taken from a file alone, which may be of another clone. */
const weaker: { [N in Name]?: (was: Settings[N], is: Settings[N]) => boolean } = {
  adminEmail: (was, is) => was !== '' && is === '',
  auditLock: (was, is) => was === 'compliance' && is === 'governance',
  auditRetentionDays: (was, is) => is < was,
  originSecretRound: (was, is) => is < was,
  formerCredentialsKeys: (was, is) => was.some((key) => !is.includes(key)),
};

const isWeaker = <N extends Name>(name: N, was: Settings[N], is: Settings[N]): boolean =>
  weaker[name]?.(was, is) ?? false;

const shown = (value: unknown): string =>
  (typeof value === 'string' ? value || 'empty' : JSON.stringify(value)) ?? 'nothing';

/**
 * Refuses what a deployment would take away without having been told: a setting that the stage was deployed with, and that is neither in cdk.json nor given any
 * more, so that its default would take its place; and one that would protect less. `-c accept=<names>` tells.
 */
export function refuseLostSettings(context: Context, deployed: Partial<Settings>, settings: Settings): void {
  const said = saidSettings(context);
  const accepted = new Set(String(context.tryGetContext('accept') ?? '').split(','));
  // What was left at its default protects, too.
  const before = { ...defaultSettings(settings.stage), ...deployed };
  const names = new Set([...Object.keys(deployed), ...Object.keys(weaker)] as Name[]);
  const lost = [...names].filter((name) => {
    const [was, is] = [before[name], settings[name]];
    if (forAWhile.has(name) || accepted.has(name) || isDeepStrictEqual(was, is)) return false;
    return (name in deployed && !said.has(name)) || isWeaker(name, was as never, is as never);
  });
  if (lost.length === 0) return;
  const lines = lost.map((name) => `\n  ${name}: is ${shown(before[name])}, would be ${shown(settings[name])}`);
  throw new Error(
    `cannot deploy stage ${settings.stage}: it would lose what it is set to${lines.join('')}\n` +
      `Write it into context.stages.${settings.stage} of cdk.json, which lasts, or give it by -c for this deployment. ` +
      `If it is meant: -c accept=${lost.join(',')}`,
  );
}
