/** True when the work was done; false where it was refused for this reason. Any other failure is thrown. */
export async function unless(
  reason: abstract new (...args: never[]) => Error,
  work: Promise<unknown>,
): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof reason) return false;
    throw error;
  }
}
