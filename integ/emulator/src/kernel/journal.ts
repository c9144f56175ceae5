import { closeSync, existsSync, fdatasyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from './crc32';
import type { Change } from './store';

/**
 * The state on disk: one line per transaction, `<crc32> <json>`, appended before the answer goes out.
 *
 * A line that is torn or does not match its checksum ends the readable part: it can only be the last one of a
 * process that was cut off, and what it held was never answered.
 */
export interface JournalLine {
  /** Emulated time at the commit, in milliseconds. */
  readonly at: number;
  readonly changes: readonly Change[];
}

/** Lines after which opening writes the state anew as a single line. */
const COMPACT_AFTER_LINES = 5_000;

export class StateFolderInUse extends Error {}

export class Journal {
  /** Opens the journal of a folder, which is made if missing, and returns the lines that are whole. */
  public static open(folder: string): { journal: Journal; lines: JournalLine[] } {
    mkdirSync(folder, { recursive: true });
    lock(folder);
    const file = join(folder, 'journal');
    const { lines, bytes } = wholeLines(existsSync(file) ? readFileSync(file) : Buffer.alloc(0));
    if (existsSync(file)) truncateSync(file, bytes);
    return { journal: new Journal(folder, file, openSync(file, 'a')), lines };
  }

  private constructor(private readonly folder: string, private readonly file: string, private descriptor: number) {}

  public append(line: JournalLine): void {
    writeSync(this.descriptor, encode(line));
  }

  /** Replaces a long history by one line; by temporary file and rename, so that a cut leaves the old or the new. */
  public compact(lines: number, state: JournalLine): void {
    if (lines < COMPACT_AFTER_LINES) return;
    const temporary = `${this.file}.new`;
    writeFileSync(temporary, encode(state));
    renameSync(temporary, this.file);
    closeSync(this.descriptor);
    this.descriptor = openSync(this.file, 'a');
  }

  public close(): void {
    fdatasyncSync(this.descriptor);
    closeSync(this.descriptor);
    rmSync(join(this.folder, 'lock'), { force: true });
  }
}

function encode(line: JournalLine): string {
  const body = JSON.stringify(line);
  return `${crc32(body)} ${body}\n`;
}

/** The readable part of a journal. */
export function wholeLines(content: Buffer): { lines: JournalLine[]; bytes: number } {
  const lines: JournalLine[] = [];
  let bytes = 0;
  for (let end = content.indexOf(10); end !== -1; end = content.indexOf(10, bytes)) {
    const text = content.subarray(bytes, end).toString('utf8');
    const body = text.slice(9);
    if (text.slice(0, 8) !== crc32(body)) break;
    lines.push(JSON.parse(body) as JournalLine);
    bytes = end + 1;
  }
  return { lines, bytes };
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
