import { findStack } from './state';
import { refused } from './texts';
import type { Caller, Context } from '../wire/operation';
import { ServiceError } from '../wire/operation';

export interface TemplateSource {
  readonly TemplateBody?: string;
  readonly TemplateURL?: string;
  readonly UsePreviousTemplate?: boolean;
}

/** The text of the template that a request means. */
export function templateText(context: Context, source: TemplateSource, stackName?: string, caller: Caller = context.caller): string {
  const { TemplateBody: body, TemplateURL: url, UsePreviousTemplate: previous } = source;
  if (previous) {
    const stack = stackName === undefined ? undefined : findStack(context, stackName);
    const deployment = stack?.deployed ?? stack?.target;
    if (!deployment) throw refused('text-no-previous-template');
    return context.kernel.blobs.get(deployment.template).toString('utf8');
  }
  if (body !== undefined && url !== undefined) throw refused('text-two-templates');
  if (body !== undefined) {
    const limit = context.row<number>('template-body-bytes');
    if (Buffer.byteLength(body) > limit) throw refused('text-template-body-too-long', { body: `${body.slice(0, 100)}…`, limit });
    return body;
  }
  if (url === undefined) throw refused('text-no-template');
  return readUrl(context, url, caller);
}

/** A template in a bucket, whichever way the URL is written: path style, virtual-hosted style, or the emulator's own port. */
function readUrl(context: Context, url: string, caller: Caller): string {
  const { bucket, key } = placeOf(url);
  try {
    const { Body: body } = context.call<{ Body?: Buffer | string }>('s3', 'GetObject', { Bucket: bucket, Key: key }, { principal: caller.principal });
    const text = Buffer.isBuffer(body) ? body.toString('utf8') : String(body ?? '');
    if (Buffer.byteLength(text) > context.row<number>('template-url-bytes')) throw refused('text-template-too-long');
    return text;
  } catch (error) {
    if (error instanceof ServiceError && error.code !== 'ValidationError') throw refused('text-template-not-readable', { message: error.message });
    throw error;
  }
}

export function placeOf(url: string): { bucket: string; key: string } {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw refused('text-template-url');
  }
  const path = decodeURIComponent(parsed.pathname.slice(1));
  const virtual = /^(.+)\.s3[.-](?:[a-z0-9-]+\.)?amazonaws\.com(?:\.cn)?$/.exec(parsed.hostname);
  if (virtual) return { bucket: virtual[1], key: path };
  const slash = path.indexOf('/');
  if (slash < 1) throw refused('text-template-url');
  return { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
}
