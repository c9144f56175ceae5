import { main } from '../../src/cli';

export interface Said {
  readonly code: number;
  readonly output: string;
  readonly errorOutput: string;
}

/** What a command line says, without a process of its own. */
export async function said(...args: string[]): Promise<Said> {
  let output = '';
  let errorOutput = '';
  const out = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => Boolean(output += String(chunk)));
  const err = jest.spyOn(process.stderr, 'write').mockImplementation((chunk) => Boolean(errorOutput += String(chunk)));
  try {
    process.exitCode = 0;
    await main(args);
    return { code: Number(process.exitCode ?? 0), output, errorOutput };
  } finally {
    process.exitCode = 0;
    out.mockRestore();
    err.mockRestore();
  }
}
