export type Lock = { release: () => void; holder?: undefined } | { holder: number; release?: undefined };
export function takeLock(folder: string): Lock;
