import type { Request } from '../row-handler';

/** Tags given with a creation. */
export function specified(request: Request, resourceType: string): object[] | undefined {
  const Tags = request.tags();
  return Tags.length === 0 ? undefined : [{ ResourceType: resourceType, Tags }];
}

/** Tags after a change: what is gone is taken away, what is there is set. */
export function syncEc2Tags(request: Request, id: string = request.id): void {
  const removed = request.removedTags();
  if (removed.length > 0) request.call('DeleteTags', { Resources: [id], Tags: removed.map((Key) => ({ Key })) });
  const tags = request.tags().filter(({ Key }) => !Key.startsWith('aws:'));
  if (tags.length > 0) request.call('CreateTags', { Resources: [id], Tags: tags });
}
