import { closeSync, existsSync, fdatasyncSync, openSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from './crc32';
import { makeFolder } from './make-folder';
import type { Change, Json, StoredTable } from './store';

/**
 * The state on disk: one line per transaction, `<crc32> <json>`, appended before the answer goes out.
 *
 * A line that is torn or does not match its checksum ends the readable part: it can only be the last one of a
 * process that was cut off, and what it held was never answered.
 *
 * A state that was written anew begins with a line per table, `<crc32> <json>\t<rows as json>`, whose rows are read when somebody looks at them:
 * most of a long history is never looked at again.
 */
export type Line = JournalLine | TableLine;

export interface JournalLine {
  /** Emulated time at the commit, in milliseconds. */
  readonly at: number;
  readonly changes: readonly Change[];
}

export interface TableLine {
  readonly at: number;
  readonly table: string;
  /** How many there are. */
  readonly rows: number;
  readonly read: () => Array<[string, Json]>;
}

/** Lines after which opening writes the state anew. */
const COMPACT_AFTER_LINES = 5_000;

export class StateFolderInUse extends Error {}

export class Journal {
  /** Opens the journal of a folder, which is made if missing, and returns the lines that are whole. */
  public static open(folder: string): { journal: Journal; lines: Line[] } {
    makeFolder(folder);
    lock(folder);
    const file = join(folder, 'journal');
    const { lines, bytes } = wholeLines(existsSync(file) ? readFileSync(file) : Buffer.alloc(0));
    if (existsSync(file)) truncateSync(file, bytes);
    return { journal: new Journal(folder, file, openSync(file, 'a')), lines };
  }

  private constructor(private readonly folder: string, private readonly file: string, private descriptor: number) {}

  public append(line: JournalLine): void {
    writeSync(this.descriptor, encoded(JSON.stringify(line)));
  }

  /** Replaces a long history by what it led to. */
  public compact(lines: number, at: number, state: () => StoredTable[]): void {
    if (lines < COMPACT_AFTER_LINES) return;
    writeState(this.folder, at, state());
    closeSync(this.descriptor);
    this.descriptor = openSync(this.file, 'a');
  }

  public close(): void {
    fdatasyncSync(this.descriptor);
    closeSync(this.descriptor);
    rmSync(join(this.folder, 'lock'), { force: true });
  }
}

/** A state as a journal; by temporary file and rename, so that a cut leaves what was there or all of it. */
export function writeState(folder: string, at: number, tables: readonly StoredTable[]): void {
  const file = join(folder, 'journal');
  const lines = tables.map(({ table, entries }) => encoded(`${JSON.stringify({ at, table, rows: entries.length })}\t${JSON.stringify(entries)}`));
  writeFileSync(`${file}.new`, lines.join(''));
  renameSync(`${file}.new`, file);
}

function encoded(body: string): string {
  return `${crc32(body)} ${body}\n`;
}

/** The readable part of a journal. */
export function wholeLines(content: Buffer): { lines: Line[]; bytes: number } {
  const lines: Line[] = [];
  let bytes = 0;
  for (let end = content.indexOf(10); end !== -1; end = content.indexOf(10, bytes)) {
    const body = content.subarray(bytes + 9, end);
    if (content.toString('latin1', bytes, bytes + 8) !== crc32(body)) break;
    lines.push(lineOf(body));
    bytes = end + 1;
  }
  return { lines, bytes };
}

/** JSON escapes tabs: the first one ends the head of a table's line. */
function lineOf(body: Buffer): Line {
  const tab = body.indexOf(9);
  if (tab < 0) return JSON.parse(body.toString('utf8')) as JournalLine;
  const head = JSON.parse(body.toString('utf8', 0, tab)) as Omit<TableLine, 'read'>;
  return { ...head, read: () => JSON.parse(body.toString('utf8', tab + 1)) as Array<[string, Json]> };
}

function lock(folder: string): void {
  const file = join(folder, 'lock');
  if (existsSync(file)) {
    const owner = Number(readFileSync(file, 'utf8'));
    if (isAlive(owner)) throw new StateFolderInUse(`[emulator] state folder ${folder} is in use by process ${owner}`);
    rmSync(file, { force: true });
  }
  writeFileSync(file, String(process.pid), { flag: 'wx' });
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
