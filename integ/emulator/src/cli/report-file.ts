import { closeSync, existsSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { UsageError } from './options';
import type { Report } from '../report/schema';

/** Whether the report can be written is asked before the run, not after it. @throws UsageError */
export function checkReportFile(file: string | undefined): void {
  if (file === undefined) return;
  const isNew = !existsSync(file);
  try {
    closeSync(openSync(file, 'a'));
    if (isNew) rmSync(file);
  } catch (error) {
    throw new UsageError(`--report ${file} cannot be written: ${(error as Error).message}; name a file in a folder that is there and that you may write to`);
  }
}

export function writeReport(file: string | undefined, report: Report): void {
  if (file !== undefined) writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
}
