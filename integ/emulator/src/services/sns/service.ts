import { emulatedGuard } from './operations/emulated-access';
import { publish, publishBatch } from './operations/publish';
import {
  confirmSubscription, getSubscriptionAttributes, listSubscriptions, listSubscriptionsByTopic, setSubscriptionAttributes, subscribe, unsubscribe,
} from './operations/subscriptions';
import { createTopic, deleteTopic, getTopicAttributes, listTagsForResource, listTopics, setTopicAttributes, tagResource, untagResource } from './operations/topics';
import type { Service } from '../../wire/operation';

/** Simple Notification Service. It delivers to queues and functions; everybody else is outside. */
export const sns: Service = {
  name: 'sns',
  operations: {
    ConfirmSubscription: confirmSubscription,
    CreateTopic: createTopic,
    DeleteTopic: deleteTopic,
    GetSubscriptionAttributes: getSubscriptionAttributes,
    GetTopicAttributes: getTopicAttributes,
    ListSubscriptions: listSubscriptions,
    ListSubscriptionsByTopic: listSubscriptionsByTopic,
    ListTagsForResource: listTagsForResource,
    ListTopics: listTopics,
    Publish: publish,
    PublishBatch: publishBatch,
    SetSubscriptionAttributes: setSubscriptionAttributes,
    SetTopicAttributes: setTopicAttributes,
    Subscribe: subscribe,
    TagResource: tagResource,
    Unsubscribe: unsubscribe,
    UntagResource: untagResource,

    // Not AWS's: what decides about access to a thing.
    EmulatedGuard: emulatedGuard,
  },
  events: {
    // A function has taken the message; what it makes of it is its own affair.
    delivered: () => undefined,
  },
};
