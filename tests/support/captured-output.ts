/** Runs the work and gives the lines that it wrote to standard output and error, where a Lambda's logs are taken from. */
export function captureLines(work: () => void): string[] {
  const { stdout, stderr } = process;
  const [out, err] = [stdout.write, stderr.write];
  let text = '';
  const take = (chunk: unknown) => {
    text += String(chunk);
    return true;
  };
  Object.assign(stdout, { write: take });
  Object.assign(stderr, { write: take });
  try {
    work();
  } finally {
    Object.assign(stdout, { write: out });
    Object.assign(stderr, { write: err });
  }
  return text.split('\n').filter((line) => line !== '');
}
