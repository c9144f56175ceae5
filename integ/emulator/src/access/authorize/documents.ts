import { compileDocument } from '../evaluate';
import type { Document } from '../evaluate';

/** Each text is taken apart once; the same text is the same policy. */
const documents = new Map<string, Document>();

/** More than any account has in force. */
const KEPT = 5_000;

export function documentOf(text: string): Document {
  let document = documents.get(text);
  if (!document) {
    if (documents.size >= KEPT) documents.clear();
    document = compileDocument(text);
    documents.set(text, document);
  }
  return document;
}
