import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { KEPT_OUTPUT } from './host';
import type { ScriptExit } from './host';

/** Collects what a child says and how it ends. */
export function capture(child: ChildProcess): Promise<ScriptExit> {
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ exitCode: 127, stdout: '', stderr: `[emulator] ${error.message}\n` }));
    child.once('close', (code, signal) => resolve({
      exitCode: code ?? 128 + (constants.signals[signal ?? 'SIGKILL'] ?? 9), stdout: stdout(), stderr: stderr(),
    }));
  });
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream?.on('data', (chunk: Buffer) => {
    if (size < KEPT_OUTPUT) chunks.push(chunk);
    size += chunk.length;
  });
  return () => Buffer.concat(chunks).toString('utf8');
}
