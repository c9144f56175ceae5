import { validationError } from './errors';
import { findStack } from './state';
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
    if (!deployment) throw validationError('Template previously used for the stack does not exist.');
    return context.kernel.blobs.get(deployment.template).toString('utf8');
  }
  if (body !== undefined && url !== undefined) throw validationError('You may specify only one of TemplateBody and TemplateURL.');
  if (body !== undefined) return body;
  if (url === undefined) throw validationError('Either Template URL or Template Body must be specified.');
  return readUrl(context, url, caller);
}

/** A template in a bucket, whichever way the URL is written: path style, virtual-hosted style, or the emulator's own port. */
function readUrl(context: Context, url: string, caller: Caller): string {
  const { bucket, key } = placeOf(url);
  try {
    const { Body: body } = context.call<{ Body?: Buffer | string }>('s3', 'GetObject', { Bucket: bucket, Key: key }, { principal: caller.principal });
    const text = Buffer.isBuffer(body) ? body.toString('utf8') : String(body ?? '');
    if (text.length > context.row<number>('template-url-bytes')) throw validationError('Template may not exceed 1000000 bytes in size.');
    return text;
  } catch (error) {
    if (error instanceof ServiceError && error.code !== 'ValidationError') throw validationError(`S3 error: ${error.message}\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html`);
    throw error;
  }
}

export function placeOf(url: string): { bucket: string; key: string } {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw validationError('TemplateURL must be a supported URL.');
  }
  const path = decodeURIComponent(parsed.pathname.slice(1));
  const virtual = /^(.+)\.s3[.-](?:[a-z0-9-]+\.)?amazonaws\.com(?:\.cn)?$/.exec(parsed.hostname);
  if (virtual) return { bucket: virtual[1], key: path };
  const slash = path.indexOf('/');
  if (slash < 1) throw validationError('TemplateURL must be a supported URL.');
  return { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
}
