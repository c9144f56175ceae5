import { posix } from 'node:path';
import type { RunInput } from './input';
import { Refusal } from './stop';

/** A file that the arguments name, as bytes. Relative paths are those of the folder in which the tool was started. */
export function readFile(input: RunInput, path: string): Buffer {
  const whole = wholePath(input, path);
  const binary = input.binaries?.[whole];
  if (binary !== undefined) return Buffer.from(binary, 'base64');
  const text = input.files[whole];
  if (text === undefined) throw new Refusal('text-file', { file: path });
  return Buffer.from(text, 'utf8');
}

export function optionalFile(input: RunInput, path: string | undefined): Buffer | undefined {
  return path === undefined ? undefined : readFile(input, path);
}

export function wholePath(input: RunInput, path: string): string {
  return posix.resolve(input.cwd ?? '/', path);
}
