import { setHost } from './host';
import { emulatedGuard } from './operations/emulated-access';
import {
  createQueue, deleteQueue, getQueueAttributes, getQueueUrl, listDeadLetterSourceQueues, listQueues, listQueueTags, purgeQueue, setQueueAttributes,
  tagQueue, untagQueue,
} from './operations/queues';
import { changeMessageVisibility, changeMessageVisibilityBatch, deleteMessage, deleteMessageBatch, receiveMessage } from './operations/receive';
import { sendMessage, sendMessageBatch } from './operations/send';
import type { Service } from '../../wire/operation';

/** Simple Queue Service. */
export const sqs: Service = {
  name: 'sqs',
  operations: {
    ChangeMessageVisibility: changeMessageVisibility,
    ChangeMessageVisibilityBatch: changeMessageVisibilityBatch,
    CreateQueue: createQueue,
    DeleteMessage: deleteMessage,
    DeleteMessageBatch: deleteMessageBatch,
    DeleteQueue: deleteQueue,
    GetQueueAttributes: getQueueAttributes,
    GetQueueUrl: getQueueUrl,
    ListDeadLetterSourceQueues: listDeadLetterSourceQueues,
    ListQueueTags: listQueueTags,
    ListQueues: listQueues,
    PurgeQueue: purgeQueue,
    ReceiveMessage: receiveMessage,
    SendMessage: sendMessage,
    SendMessageBatch: sendMessageBatch,
    SetQueueAttributes: setQueueAttributes,
    TagQueue: tagQueue,
    UntagQueue: untagQueue,

    // Not AWS's: what decides about access to a thing.
    EmulatedGuard: emulatedGuard,
  },
  start: setHost,
};
