export { copyInstanceFolders } from './confined';
export { chooseHost } from './choose';
export type { HostOptions } from './choose';
export { InstanceScripts } from './driver';
export type { InstanceHost } from './host';
