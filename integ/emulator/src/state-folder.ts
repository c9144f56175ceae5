import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { copyInstanceFolders } from './compute';

/** A snapshot is a copy of a state folder; it never overwrites one. */
export function beginFrom(snapshot: string, folder: string): void {
  if (existsSync(join(folder, 'journal'))) throw new Error(`[emulator] ${folder} has a state already; a snapshot begins in an empty folder`);
  if (!existsSync(join(snapshot, 'journal'))) throw new Error(`[emulator] ${snapshot} is no snapshot`);
  copyState(snapshot, folder);
}

/** Journal, blobs and what instances have on their disks. */
export function copyState(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  cpSync(join(from, 'journal'), join(to, 'journal'));
  cpSync(join(from, 'blobs'), join(to, 'blobs'), { recursive: true });
  copyInstanceFolders(join(from, 'instances'), join(to, 'instances'));
}

/** What an emulator puts into its folder. */
const OURS = ['journal', 'journal.new', 'blobs', 'instances', 'functions', 'tls'];

/** Empties the folder of an emulator that has stopped. Whatever else somebody keeps there stays. */
export function forgetState(folder: string): void {
  for (const name of OURS) rmSync(join(folder, name), { recursive: true, force: true });
}
