import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { copyInstanceFolders } from './compute';
import { makeFolder } from './kernel';
import type { Kernel } from './kernel';

/** A snapshot is a copy of a state folder; it never overwrites one. */
export function beginFrom(snapshot: string, folder: string): void {
  if (existsSync(join(folder, 'journal'))) throw new Error(`[emulator] ${folder} has a state already; a snapshot begins in an empty folder`);
  if (!existsSync(join(snapshot, 'journal'))) throw new Error(`[emulator] ${snapshot} is no snapshot`);
  makeFolder(folder);
  cpSync(join(snapshot, 'journal'), join(folder, 'journal'));
  copyFiles(snapshot, folder);
}

/** Saves what a kernel knows, with blobs and what instances have on their disks. */
export function saveState(kernel: Kernel, from: string, to: string): void {
  makeFolder(to);
  kernel.saveTo(to);
  copyFiles(from, to);
}

function copyFiles(from: string, to: string): void {
  cpSync(join(from, 'blobs'), join(to, 'blobs'), { recursive: true });
  copyInstanceFolders(join(from, 'instances'), join(to, 'instances'));
}

/** What an emulator puts into its folder. */
const OURS = ['journal', 'journal.new', 'blobs', 'instances', 'functions', 'tls'];

/** Empties the folder of an emulator that has stopped. Whatever else somebody keeps there stays. */
export function forgetState(folder: string): void {
  for (const name of OURS) rmSync(join(folder, name), { recursive: true, force: true });
}
