import { posix } from 'node:path';
import type { Output } from '../../../wire/operation';
import type { ToolAnswer, ToolCall, ToolContext } from '../tool';
import type { Arguments } from './arguments';
import { attempt } from './attempts';
import { UsageError } from './values';

type Place = NonNullable<Parameters<ToolContext['call']>[3]>;

interface Uri {
  readonly bucket: string;
  readonly key: string;
}

function parseUri(text: string): Uri | undefined {
  const found = /^s3:\/\/([^/]+)(?:\/([^]*))?$/.exec(text);
  return found ? { bucket: found[1], key: found[2] ?? '' } : undefined;
}

/** Operands wherever they stand: flags without values own nothing, so what stands behind them are operands. */
function operandsOf({ words: [, , ...operands], options }: Arguments): string[] {
  return [...operands, ...options.filter(([name]) => FLAGS.includes(name)).flatMap(([, values]) => values)];
}

/** Files that a command reads on the instance. */
export function s3Files(parsed: Arguments): string[] {
  const verb = parsed.words[1];
  const [source, target] = operandsOf(parsed);
  const reads = verb === 'cp' && source !== undefined && target !== undefined && !parseUri(source) && parseUri(target);
  return reads ? [source] : [];
}

/** `aws s3 cp` of single objects and `aws s3 ls`. */
export function s3Command(context: ToolContext, call: ToolCall, parsed: Arguments, place: Place): ToolAnswer {
  const verb = parsed.words[1];
  const flags = parsed.options.map(([name]) => name);
  const all = operandsOf(parsed);
  if (flags.includes('recursive')) throw new UsageError(`[emulator] aws s3 ${verb} --recursive is not built`);
  switch (verb) {
    case 'cp': return copy(context, call, all, flags.some((flag) => flag === 'quiet' || flag === 'only-show-errors' || flag === 'no-progress'), place);
    case 'ls': return list(context, all[0], place);
    default: throw new UsageError(`[emulator] aws s3 ${verb} is not built; cp and ls are`);
  }
}

const FLAGS = ['quiet', 'only-show-errors', 'no-progress', 'dryrun'];

function copy(context: ToolContext, call: ToolCall, [source = '', target = '']: readonly string[], quiet: boolean, place: Place): ToolAnswer {
  const [from, to] = [parseUri(source), parseUri(target)];
  const say = (text: string): string => (quiet ? '' : `${text}\n`);
  if (from && to) {
    const content = read(context, from, place);
    write(context, { ...to, key: named(to.key, from.key) }, content, place);
    return { exitCode: 0, stdout: say(`copy: ${source} to ${target}`) };
  }
  if (from) {
    const content = read(context, from, place);
    if (target === '-') return { exitCode: 0, stdout: content };
    const path = target.endsWith('/') || target === '.' ? posix.join(target, posix.basename(from.key)) : target;
    return { exitCode: 0, stdout: say(`download: ${source} to ${path}`), files: [{ path, mode: 0o644, content }] };
  }
  if (!to) throw new UsageError('usage: aws s3 cp <LocalPath> <S3Uri> or <S3Uri> <LocalPath> or <S3Uri> <S3Uri>');
  const content = call.files.get(source);
  if (!content) return { exitCode: 255, stderr: `\nThe user-provided path ${source} does not exist.\n` };
  write(context, { ...to, key: named(to.key, posix.basename(source)) }, content, place);
  return { exitCode: 0, stdout: say(`upload: ${source} to ${target}`) };
}

function named(key: string, source: string): string {
  return key === '' || key.endsWith('/') ? key + posix.basename(source) : key;
}

function read(context: ToolContext, { bucket, key }: Uri, place: Place): Buffer {
  const { Body } = attempt(context, 's3', 'GetObject', { Bucket: bucket, Key: key }, place) as Output;
  return Buffer.from(Body as Uint8Array ?? '');
}

function write(context: ToolContext, { bucket, key }: Uri, content: Buffer, place: Place): void {
  attempt(context, 's3', 'PutObject', { Bucket: bucket, Key: key, Body: content }, place);
}

function list(context: ToolContext, target: string | undefined, place: Place): ToolAnswer {
  const uri = target === undefined ? undefined : parseUri(target.startsWith('s3://') ? target : `s3://${target}`);
  if (!uri) {
    const { Buckets = [] } = attempt<{ Buckets?: Array<{ Name?: string; CreationDate?: Date }> }>(context, 's3', 'ListBuckets', {}, place) as
      { Buckets?: Array<{ Name?: string; CreationDate?: Date }> };
    return { exitCode: 0, stdout: Buckets.map(({ Name, CreationDate }) => `${stamp(CreationDate)} ${Name}\n`).join('') };
  }
  const { Contents = [], CommonPrefixes = [] } = context.call<Listing>('s3', 'ListObjectsV2', { Bucket: uri.bucket, Prefix: uri.key, Delimiter: '/' }, place) as Listing;
  const folder = uri.key.slice(0, uri.key.lastIndexOf('/') + 1);
  const lines = [
    ...CommonPrefixes.map(({ Prefix = '' }) => `${'PRE'.padStart(30)} ${Prefix.slice(folder.length)}\n`),
    ...Contents.map(({ Key = '', Size = 0, LastModified }) => `${stamp(LastModified)} ${String(Size).padStart(10)} ${Key.slice(folder.length)}\n`),
  ];
  return { exitCode: lines.length === 0 ? 1 : 0, stdout: lines.join('') };
}

interface Listing {
  readonly Contents?: ReadonlyArray<{ readonly Key?: string; readonly Size?: number; readonly LastModified?: Date }>;
  readonly CommonPrefixes?: ReadonlyArray<{ readonly Prefix?: string }>;
}

function stamp(date: Date | undefined): string {
  return (date ?? new Date(0)).toISOString().slice(0, 19).replace('T', ' ');
}
