import { notify } from './notify';
import { alarms, history } from './state';
import type { AlarmRecord } from './state';
import type { Context } from '../../wire/operation';

/** Gives an alarm a state. Only another one than before is told to topics. */
export function changeState(context: Context, before: AlarmRecord, next: Pick<AlarmRecord, 'state' | 'reason' | 'reasonData'>): void {
  const alarm = alarms(context).put(before.name, { ...before, ...next, stateAt: context.now });
  if (alarm.state === before.state) return;
  const data = { version: '1.0', oldState: { stateValue: before.state, stateReason: before.reason }, newState: { stateValue: alarm.state, stateReason: alarm.reason } };
  note(context, alarm, 'StateUpdate', `Alarm updated from ${before.state} to ${alarm.state}`, data);
  context.emit(alarm.state, alarm.name);
  notify(context, alarm, before.state);
}

export function note(context: Context, { name, kind }: Pick<AlarmRecord, 'name' | 'kind'>, type: string, summary: string, data: object): void {
  const items = history(context);
  items.put(`h${items.size() + 1}`, { alarm: name, kind, at: context.now, type, summary, data: JSON.stringify(data) });
}
