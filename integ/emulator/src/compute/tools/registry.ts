import { aws } from './aws/tool';
import { date, sleep } from './clock-tools';
import { cloudhsmTools } from './cloudhsm';
import { curl, wget } from './curl';
import { packageTools } from './packages';
import { systemctl } from './systemctl';
import type { ToolRegistry } from './tool';

/** Every tool that the door answers. */
export const tools: ToolRegistry = new Map(Object.entries({ aws, curl, date, sleep, systemctl, wget, ...packageTools, ...cloudhsmTools }));

/** Those that are on an instance's PATH from the start: CloudHSM's come with their packages. */
export const toolsOnPath: readonly string[] = [...tools.keys()].filter((name) => !Object.hasOwn(cloudhsmTools, name));
