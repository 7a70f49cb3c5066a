/** Seconds with one digit, as `1.2 s`. */
const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/** Runs one step of a command and tells how long it took. */
export const step = async (title, work) => {
  const began = performance.now();
  if (process.stdout.isTTY) process.stdout.write(`  … ${title}\r`);
  try {
    const result = await work();
    console.log(`  ✓ ${title.padEnd(46)} ${seconds(performance.now() - began).padStart(7)}`);
    return result;
  } catch (error) {
    console.log(`  ✗ ${title.padEnd(46)} ${seconds(performance.now() - began).padStart(7)}`);
    throw error;
  }
};

/** An error whose message is all that its reader needs. */
export class Refusal extends Error {}

/** Prints why a command ends, and ends it. */
export const endWith = (error) => {
  console.error(`\n${error instanceof Refusal ? error.message : (error?.stack ?? error)}`);
  process.exit(1);
};
