import type { Context } from '../../wire/operation';
import { patchResource, resources } from '../state';
import type { Leftover, ResourceRecord, TaskRecord, Version } from '../state';

/** A physical resource is left over once: its latest version stands for it. */
export function addedTo(leftovers: readonly Leftover[], added: Leftover): readonly Leftover[] {
  const { physicalId } = added.version;
  if (physicalId === undefined) return [...leftovers, added];
  const others = leftovers.filter(({ version }) => version.physicalId !== physicalId);
  // Newest first: of a change in place the pending version is added first.
  return others.length < leftovers.length ? leftovers : [...others, added];
}

/** The version that a deletion is about. */
export function toDelete(record: ResourceRecord, uid: string): Leftover | undefined {
  const leftover = record.leftovers.find(({ version }) => version.uid === uid);
  if (leftover) return leftover;
  const version = [record.pending, record.current].find((each) => each?.uid === uid);
  return version && { version, policy: version.deletionPolicy, created: false };
}

/** Drops a version, and with it the other one of the same physical resource. */
export function forget({ context, task }: { readonly context: Context; readonly task: TaskRecord }, uid: string): void {
  const { stackId, logicalId } = task;
  const { current, pending, leftovers } = resources(context, stackId).get(logicalId)!;
  const gone = [current, pending].find((version) => version?.uid === uid);
  const stays = (version: Version | undefined): Version | undefined =>
    (version && gone && (version.uid === uid || (version.physicalId !== undefined && version.physicalId === gone.physicalId)) ? undefined : version);
  patchResource(context, stackId, logicalId, {
    leftovers: leftovers.filter(({ version }) => version.uid !== uid), current: stays(current), pending: stays(pending),
  });
}
