export { publishedSums } from './catalogue';
export { DOOR, toolDoor } from './door';
export type { DoorParts } from './door';
export { tools, toolsOnPath } from './registry';
export { Timers } from './timers';
