import {
  describeExecution, describeStateMachineForExecution, listExecutions, startExecution, startSyncExecution, stopExecution,
} from './executions';
import { getExecutionHistory } from './get-execution-history';
import { createStateMachine, deleteStateMachine, describeStateMachine, listStateMachines, updateStateMachine } from './machines';
import { listTagsForResource, tagResource, untagResource } from './tags';
import { sendTaskFailure, sendTaskHeartbeat, sendTaskSuccess } from './tokens';
import { validateStateMachineDefinition } from './validate-definition';
import type { Operation } from '../../../wire/operation';
import { speaking } from '../../../wire/operation';

const plain: { readonly [operation: string]: Operation } = {
  CreateStateMachine: createStateMachine,
  UpdateStateMachine: updateStateMachine,
  DeleteStateMachine: deleteStateMachine,
  DescribeStateMachine: describeStateMachine,
  ListStateMachines: listStateMachines,
  ValidateStateMachineDefinition: validateStateMachineDefinition,

  StartExecution: startExecution,
  StartSyncExecution: startSyncExecution,
  StopExecution: stopExecution,
  DescribeExecution: describeExecution,
  ListExecutions: listExecutions,
  GetExecutionHistory: getExecutionHistory,
  DescribeStateMachineForExecution: describeStateMachineForExecution,

  SendTaskSuccess: sendTaskSuccess,
  SendTaskFailure: sendTaskFailure,
  SendTaskHeartbeat: sendTaskHeartbeat,

  TagResource: tagResource,
  UntagResource: untagResource,
  ListTagsForResource: listTagsForResource,
};

export const operations = speaking(plain);
