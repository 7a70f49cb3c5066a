/** How large a proof is: small in every run of the tests, of full size with `PROVE=1`, which is what `npm run prove` sets. */
export const rounds = (few: number, full: number): number => (process.env['PROVE'] === '1' ? full : few);
