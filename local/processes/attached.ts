/** Ends this process when its parent is gone, if it was started with --attached: the parent holds our standard input. */
export const endWithParent = (): void => {
  if (!process.argv.includes('--attached')) return;
  process.stdin.on('close', () => process.exit(0)).resume();
};
