export function checkMachine(machine: { version: string; platform: string; arch: string }): string | undefined;
export function checkOwnNode(version: string): string | undefined;
export function checkPython(run?: (code: string) => string): string | undefined;
